"""The pages about one member, below /members/<number>/."""

from django.urls import path

from members.views import around, correcting, life

ONE = "<int:number>/"

urlpatterns = [
    path(f"{ONE}history/", correcting.history, name="history"),
    path(f"{ONE}contact/", correcting.contact, name="contact"),
    path(f"{ONE}correct/", correcting.correct, name="correct"),
    path(f"{ONE}transfer/", life.transfer, name="transfer"),
    path(f"{ONE}name/", life.name, name="change_name"),
    path(f"{ONE}leave/", life.leave, name="leave"),
    path(f"{ONE}return/", life.reenter, name="reenter"),
    path(f"{ONE}beneficiaries/", around.beneficiaries, name="beneficiaries"),
    path(f"{ONE}beneficiaries/<int:beneficiary_id>/died/", around.beneficiary_died, name="beneficiary_died"),
    path(f"{ONE}children/", around.children, name="children"),
    path(f"{ONE}children/<int:child_id>/", around.child, name="child"),
    path(f"{ONE}groups/", around.groups, name="groups"),
    path(f"{ONE}groups/<int:flag_id>/end/", around.end_group, name="end_mark"),
    path(f"{ONE}guardians/", around.guardians, name="guardians"),
    path(f"{ONE}guardians/<int:guardian_id>/end/", around.end_guardian, name="end_guardian"),
    path(f"{ONE}consents/", around.consents, name="consents"),
    path(f"{ONE}consents/<int:consent_id>/withdraw/", around.withdraw, name="withdraw_consent"),
    path("titles/", life.titles, name="titles"),
]
