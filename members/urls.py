from django.urls import path

from members import one_member_urls
from members.views import applications, communities, households, identity, imports, papers, register

app_name = "members"

ONE_APPLICATION = "applications/<int:year_be>/<int:number>"

urlpatterns = [
    path("", register.member_list, name="list"),
    path("export/<slug:kind>/", register.export, name="export"),
    path("enrol/", register.enrol, name="enrol"),
    path("applications/", applications.application_list, name="applications"),
    path("applications/new/", applications.apply, name="apply"),
    path("applications/blank.pdf", applications.blank_application_pdf, name="blank_application_pdf"),
    path(f"{ONE_APPLICATION}/", applications.application_page, name="application"),
    path(f"{ONE_APPLICATION}/correct/", applications.correct_application, name="correct_application"),
    path(f"{ONE_APPLICATION}/certify/", applications.certify, name="certify"),
    path(f"{ONE_APPLICATION}/withdraw/", applications.withdraw_application, name="withdraw_application"),
    path(f"{ONE_APPLICATION}/papers/", applications.add_papers, name="add_application_papers"),
    path(f"{ONE_APPLICATION}.pdf", applications.application_pdf, name="application_pdf"),
    path("<int:number>/applications/", applications.member_applications, name="member_applications"),
    path("privacy-notice/", applications.privacy_notice, name="privacy_notice"),
    path("import/", imports.imports, name="imports"),
    path("import/register.xlsx", imports.template, name="import_template"),
    path("import/<int:run_id>/", imports.import_page, name="import"),
    path("import/<int:run_id>/progress/", imports.import_progress, name="import_progress"),
    path("import/<int:run_id>/confirm/", imports.confirm, name="confirm_import"),
    path("import/<int:run_id>/columns/", imports.match_again, name="match_import_again"),
    path("import/<int:run_id>/drop/", imports.drop, name="drop_import"),
    path("import/<int:run_id>/stop/", imports.stop, name="stop_import"),
    path("import/<int:run_id>/refused.xlsx", imports.refused, name="import_refused"),
    path("communities/", communities.community_list, name="communities"),
    path("communities/new/", communities.new_community, name="new_community"),
    path("communities/<int:number>/", communities.community, name="community"),
    path("communities/<int:number>/leaders/", communities.appoint, name="appoint_leader"),
    path("communities/<int:number>/leaders/<int:leadership_id>/end/", communities.dismiss, name="end_leadership"),
    path("houses/", households.household_list, name="households"),
    path("houses/<int:household_id>/", households.household, name="household"),
    path("houses/<int:household_id>/head/", households.head, name="household_head"),
    path("houses/<int:household_id>/change/", households.change, name="change_house"),
    path("<int:number>/house/", households.move, name="move_house"),
    path("<int:number>/national-id/", identity.reveal, name="reveal_id"),
    path("<int:number>/readings/", identity.readings, name="readings"),
    path("papers/", papers.papers, name="papers"),
    path("<int:number>/card/<slug:language>.pdf", papers.card, name="card"),
    *one_member_urls.urlpatterns,
]
