from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from members import jobs, paper_jobs  # noqa: F401, PLC0415 - name their work to the worker
        from members.application_queries import APPLICATION_PAPERS  # noqa: PLC0415 - needs the models
        from members.importing import jobs as import_jobs  # noqa: F401, PLC0415 - names its work, too
        from members.life import MEMBER_PAPERS  # noqa: PLC0415
        from members.queries import sees_application, sees_member  # noqa: PLC0415
        from members.year_texts import REPORT_PICTURES, sees_report_pictures  # noqa: PLC0415
        from office.attachments import ATTACHMENT_OWNERS  # noqa: PLC0415

        ATTACHMENT_OWNERS[APPLICATION_PAPERS] = sees_application
        ATTACHMENT_OWNERS[MEMBER_PAPERS] = sees_member
        ATTACHMENT_OWNERS[REPORT_PICTURES] = sees_report_pictures
