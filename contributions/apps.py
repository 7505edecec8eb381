from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contributions import certificates, gift_statements, payment_requests, round_lists  # noqa: F401, PLC0415 - work
        from contributions.closing_checks import COST, add_checks, sees_cost  # noqa: PLC0415
        from contributions.commitments import COMMITMENT_PAPERS  # noqa: PLC0415
        from contributions.ledger_checks import add_ledger_checks  # noqa: PLC0415
        from contributions.partners import PARTNER_PAPERS  # noqa: PLC0415
        from contributions.queries import members_with_dues, sees_commitment, sees_partners  # noqa: PLC0415 - needs the models
        from contributions.voids import requests_that_wait, shown_as_waiting  # noqa: PLC0415
        from ledger.waiting_voids import SOURCES, Source  # noqa: PLC0415
        from members.importing.plan import DUES_TAKEN  # noqa: PLC0415
        from office.attachments import ATTACHMENT_OWNERS  # noqa: PLC0415

        DUES_TAKEN.append(members_with_dues)
        ATTACHMENT_OWNERS[COMMITMENT_PAPERS] = sees_commitment
        ATTACHMENT_OWNERS[PARTNER_PAPERS] = sees_partners
        SOURCES.append(Source(requests_that_wait, shown_as_waiting))
        add_checks()
        add_ledger_checks()
        ATTACHMENT_OWNERS[COST] = sees_cost
