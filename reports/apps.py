from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from office.jobs import ROUNDS  # noqa: PLC0415 - needs the apps
        from reports import assembly_jobs, batches, jobs  # noqa: F401, PLC0415 - names its work to the worker
        from reports.audit import press  # noqa: F401, PLC0415 - as above
        from reports.funders import beneficiaries  # noqa: F401, PLC0415 - as above

        ROUNDS.append(jobs.remember_closed_years)
