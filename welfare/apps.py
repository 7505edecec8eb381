from django.apps import AppConfig


class WelfareConfig(AppConfig):
    name = "welfare"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from office.attachments import ATTACHMENT_OWNERS  # noqa: PLC0415 - needs the models
        from welfare import jobs  # noqa: F401, PLC0415 - names its work to the worker
        from welfare.events import CLAIM_PAPERS  # noqa: PLC0415
        from welfare.queries import sees_claim  # noqa: PLC0415

        ATTACHMENT_OWNERS[CLAIM_PAPERS] = sees_claim
