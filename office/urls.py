from django.urls import path
from django.views.i18n import set_language

from office.views import codes, interrupted, jobs, logs, papers, phones, users

app_name = "office"

urlpatterns = [
    path("language/", set_language, name="language"),
    path("code/", codes.use_one_time_code, name="use_code"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new_user, name="new_user"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/close/", users.close_user, name="close_user"),
    path("users/<int:user_id>/open/", users.open_user, name="open_user"),
    path("users/<int:user_id>/code/", users.new_code, name="new_code"),
    path("phone/", phones.pin, name="phone"),
    path("phone/forget/", phones.forget, name="forget_phone"),
    path("phone/card/<str:token>/", phones.enrol, name="enrol_phone"),
    path("phones/", phones.phones, name="phones"),
    path("phones/<int:user_id>/", phones.leader_phones, name="leader_phones"),
    path("phones/<int:user_id>/card/", phones.issue, name="issue_phone_card"),
    path("phones/<int:user_id>/card/pdf/", phones.card_pdf, name="phone_card_pdf"),
    path("phones/<int:user_id>/card/end/", phones.drop_card, name="end_phone_card"),
    path("phones/<int:user_id>/<int:phone_id>/end/", phones.end, name="end_phone"),
    path("interrupted/<uuid:token>/", interrupted.interrupted, name="interrupted"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="cancel_job"),
    path("jobs/<int:job_id>/result/", jobs.result, name="job_result"),
    path("log/", logs.action_log, name="action_log"),
    path("log/readings/", logs.reading_log, name="reading_log"),
    path("papers/<int:attachment_id>/", papers.attachment, name="attachment"),
]
