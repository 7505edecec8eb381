from django.urls import path

from welfare.views import (
    admissions,
    arrears,
    budgets,
    claims,
    deaths,
    doubles,
    entry,
    lapsing,
    meetings,
    papers,
    paying,
    people,
    personal_data,
    regulation,
)

app_name = "welfare"

ONE_CLAIM = "claims/<int:year_be>/<int:number>/"
ONE_MEETING = "meetings/<slug:kind>/<int:year_be>/<int:number>/"
ONE_VOUCHER = "vouchers/<int:year_be>/<int:number>"

urlpatterns = [
    path("claims/", claims.claim_list, name="claims"),
    path("claims/export/", claims.export, name="export"),
    path("claims/new/", entry.choose_member, name="choose_member"),
    path("claims/drafts/", claims.to_correct, name="to_correct"),
    path("claims/to-check/", claims.to_check, name="to_check"),
    path("claims/to-pay/", claims.to_pay, name="to_pay"),
    path(ONE_CLAIM, claims.claim_page, name="claim"),
    path(f"{ONE_CLAIM}change/", entry.change_claim, name="change"),
    path(f"{ONE_CLAIM}submit/", claims.submit, name="submit"),
    path(f"{ONE_CLAIM}verify/", claims.verify, name="verify"),
    path(f"{ONE_CLAIM}return/", claims.return_to_leader, name="return"),
    path(f"{ONE_CLAIM}cancel/", claims.cancel, name="cancel"),
    path(f"{ONE_CLAIM}appeal/", claims.appeal, name="appeal"),
    path(f"{ONE_CLAIM}papers/", claims.add_papers, name="add_papers"),
    path(f"{ONE_CLAIM}pay/", paying.pay, name="pay"),
    path(f"{ONE_VOUCHER}/", paying.voucher_page, name="voucher"),
    path(f"{ONE_VOUCHER}.pdf", paying.voucher_pdf, name="voucher_pdf"),
    path(f"{ONE_VOUCHER}/reverse/", paying.reverse, name="reverse"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/applications/", admissions.admissions, name="admissions"),
    path("meetings/new/", meetings.open_meeting, name="open_meeting"),
    path(ONE_MEETING, meetings.meeting_page, name="meeting"),
    path(f"{ONE_MEETING}present/", meetings.record_present, name="present"),
    # budgets, care, nobody forgotten
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/<int:year_be>/set/", budgets.set_year, name="set_budgets"),
    # the regulation
    path("regulation/", regulation.regulations, name="regulations"),
    path("regulation/<slug:day>/", regulation.regulation, name="regulation"),
    path("regulation/<slug:day>/<slug:language>.pdf", regulation.regulation_paper, name="regulation_pdf"),
    path("regulation/<slug:day>/changes/", regulation.regulation_changes, name="regulation_changes"),
    path("regulation/<slug:day>/next-steps/", regulation.next_steps, name="next_steps"),
    path("arrears/", arrears.notices, name="notices"),
    path("arrears/letters/", arrears.letters, name="notice_letters"),
    path("arrears/due/", lapsing.due_to_lapse, name="due_to_lapse"),
    path("members/doubles/", doubles.doubles, name="doubles"),
    path("members/doubles/<int:one>/<int:other>/", doubles.double_pair, name="double_pair"),
    path("members/doubles/<int:one>/<int:other>/undo/", doubles.undo_double, name="undo_double"),
    path("members/<int:number>/notice/", arrears.tell, name="record_notice"),
    path("members/<int:number>/", people.member_page, name="member"),
    path("members/<int:number>/personal-data/", personal_data.personal_data, name="personal_data"),
    path("members/<int:number>/passbook/<slug:language>.pdf", papers.passbook, name="passbook"),
    path("members/<int:number>/death/", deaths.death, name="death"),
    path("members/<int:number>/claim/", entry.choose_benefit, name="choose_benefit"),
    path("members/<int:number>/claim/<slug:code>/", entry.report_claim, name="report"),
    path("members/<int:number>/claim/<slug:code>/preview/", entry.preview, name="preview"),
]
