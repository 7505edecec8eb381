from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # the worker finds its work there
        from ledger import book_orders, number_papers, receipt_copies  # noqa: F401, PLC0415
        from ledger.privileges import grant_privileges  # noqa: PLC0415 - models are ready only now

        post_migrate.connect(grant_privileges, sender=self)
