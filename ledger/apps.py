from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # the worker finds its work there
        from ledger import book_orders, number_papers, receipt_copies  # noqa: F401, PLC0415
        from ledger.opening_queries import OPENING_PAPERS, sees_opening_papers  # noqa: PLC0415
        from ledger.privileges import grant_privileges  # noqa: PLC0415 - models are ready only now
        from office.attachments import ATTACHMENT_OWNERS  # noqa: PLC0415

        ATTACHMENT_OWNERS[OPENING_PAPERS] = sees_opening_papers

        post_migrate.connect(grant_privileges, sender=self)
