from django.apps import AppConfig


class WelfareConfig(AppConfig):
    name = "welfare"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ledger.waiting_voids import SOURCES, Source  # noqa: PLC0415
        from office.attachments import ATTACHMENT_OWNERS  # noqa: PLC0415 - needs the models
        from welfare import jobs, list_jobs  # noqa: F401, PLC0415 - name their work to the worker
        from welfare.deliveries import DELIVERY_PAPERS  # noqa: PLC0415
        from welfare.delivery_queries import sees_delivery  # noqa: PLC0415
        from welfare.events import CLAIM_PAPERS  # noqa: PLC0415
        from welfare.ledger_checks import add_ledger_checks  # noqa: PLC0415
        from welfare.queries import sees_claim  # noqa: PLC0415
        from welfare.reversals import requests_that_wait, shown_as_waiting  # noqa: PLC0415

        ATTACHMENT_OWNERS[CLAIM_PAPERS] = sees_claim
        SOURCES.append(Source(requests_that_wait, shown_as_waiting))
        ATTACHMENT_OWNERS[DELIVERY_PAPERS] = sees_delivery
        add_ledger_checks()
