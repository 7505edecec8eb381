from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contributions.queries import members_with_dues  # noqa: PLC0415 - needs the models
        from members.importing.plan import DUES_TAKEN  # noqa: PLC0415

        DUES_TAKEN.append(members_with_dues)
