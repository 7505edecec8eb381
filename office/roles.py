"""The roles of a fund, and who may open which page.

`Role` is what a person does in the fund; a user may hold several. `PERMISSIONS` answers "may this role do this?"
for every route of the program, and `office.middleware` asks it before a view runs: a wrong role gets 403, a route
that stands not in the table is closed to all. Which rows a user sees is another question, answered by each app's
`visible_…(user)` with 404.
"""

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEADER = "leader", _("Community leader")
    REGISTRAR = "registrar", _("Registrar")
    COMMITTEE = "committee", _("Committee")
    TREASURER = "treasurer", _("Treasurer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Everyone who sees the whole fund's members and books; leaders see their communities only.
WHOLE_FUND_ROLES = frozenset({Role.REGISTRAR, Role.COMMITTEE, Role.TREASURER, Role.AUDITOR})
# Who handles the fund's money or its users signs in with two factors in production, and never by a phone's PIN.
SECOND_FACTOR_ROLES = (Role.TREASURER, Role.ADMINISTRATOR)


class Door(Enum):
    PUBLIC = "everyone, signed in or not"
    SIGNED_IN = "every user who is signed in, with any role or none"
    CLOSED = "nobody: a route that a library brings and that this program does not offer; 404"


PUBLIC, SIGNED_IN, CLOSED = Door.PUBLIC, Door.SIGNED_IN, Door.CLOSED
Who = frozenset[str] | Door


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


# ---- Words for the table: groups that many routes share --------------------------------------------

LEADER, REGISTRAR, COMMITTEE = Role.LEADER, Role.REGISTRAR, Role.COMMITTEE
TREASURER, AUDITOR, ADMINISTRATOR = Role.TREASURER, Role.AUDITOR, Role.ADMINISTRATOR

READS_BOOKS = roles(COMMITTEE, TREASURER, AUDITOR)
SEES_MEMBERS = WHOLE_FUND_ROLES | {LEADER}

# ---- The table: view name -> who. One line for each route ------------------------------------------

SIGNING_IN: dict[str, Who] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_set_password": CLOSED,
    "account_reset_password": CLOSED,
    "account_reset_password_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_confirm_email": CLOSED,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}

OFFICE: dict[str, Who] = {
    "office:language": PUBLIC,
    "office:use_code": PUBLIC,
    "office:users": roles(ADMINISTRATOR),
    "office:new_user": roles(ADMINISTRATOR),
    "office:user": roles(ADMINISTRATOR),
    "office:close_user": roles(ADMINISTRATOR),
    "office:open_user": roles(ADMINISTRATOR),
    "office:new_code": roles(ADMINISTRATOR),
    "office:interrupted": SIGNED_IN,  # its own user only
    "office:job": SIGNED_IN,  # its own user only, as the two below
    "office:cancel_job": SIGNED_IN,
    "office:job_result": SIGNED_IN,
    "office:action_log": roles(AUDITOR, ADMINISTRATOR),
    "office:reading_log": roles(AUDITOR, ADMINISTRATOR),
    "office:enrol_phone": PUBLIC,  # whoever holds the card
    "office:phone": PUBLIC,  # the page of the PIN
    "office:forget_phone": PUBLIC,
    "office:phones": roles(REGISTRAR),
    "office:leader_phones": roles(REGISTRAR),
    "office:issue_phone_card": roles(REGISTRAR),
    "office:phone_card_pdf": roles(REGISTRAR),
    "office:end_phone_card": roles(REGISTRAR),
    "office:end_phone": roles(REGISTRAR),
    "office:attachment": SIGNED_IN,  # whose papers one sees, the owner's app answers
}

MEMBERS: dict[str, Who] = {
    "members:list": SEES_MEMBERS,
    "members:export": SEES_MEMBERS,
    "members:applications": SEES_MEMBERS,
    "members:apply": roles(LEADER, REGISTRAR),
    "members:application": SEES_MEMBERS,
    "members:correct_application": roles(LEADER, REGISTRAR),
    "members:certify": roles(LEADER, REGISTRAR, COMMITTEE),
    "members:withdraw_application": roles(LEADER, REGISTRAR),
    "members:add_application_papers": roles(LEADER, REGISTRAR),
    "members:application_pdf": SEES_MEMBERS,
    "members:blank_application_pdf": SEES_MEMBERS,
    "members:member_applications": SEES_MEMBERS,
    "members:privacy_notice": PUBLIC,
    "members:enrol": roles(REGISTRAR),
    "members:imports": roles(REGISTRAR),
    "members:import_template": roles(REGISTRAR),
    "members:import": roles(REGISTRAR),
    "members:import_progress": roles(REGISTRAR),
    "members:confirm_import": roles(REGISTRAR),
    "members:match_import_again": roles(REGISTRAR),
    "members:drop_import": roles(REGISTRAR),
    "members:stop_import": roles(REGISTRAR),
    "members:import_refused": roles(REGISTRAR),
    "members:communities": SEES_MEMBERS | {ADMINISTRATOR},
    "members:papers": SEES_MEMBERS,
    "members:card": SEES_MEMBERS,
    "members:new_community": roles(REGISTRAR, ADMINISTRATOR),
    "members:community": roles(REGISTRAR, ADMINISTRATOR),
    "members:appoint_leader": roles(REGISTRAR, ADMINISTRATOR),
    "members:end_leadership": roles(REGISTRAR, ADMINISTRATOR),
    "members:history": SEES_MEMBERS,
    "members:contact": roles(REGISTRAR, LEADER),
    "members:children": roles(REGISTRAR, LEADER),
    "members:child": roles(REGISTRAR, LEADER),
    "members:correct": roles(REGISTRAR),
    "members:transfer": roles(REGISTRAR),
    "members:change_name": roles(REGISTRAR),
    "members:leave": roles(REGISTRAR),
    "members:reenter": roles(REGISTRAR),
    "members:titles": roles(REGISTRAR),
    "members:beneficiaries": roles(REGISTRAR),
    "members:beneficiary_died": roles(REGISTRAR),
    "members:groups": roles(REGISTRAR),
    "members:end_mark": roles(REGISTRAR),
    "members:guardians": roles(REGISTRAR),
    "members:end_guardian": roles(REGISTRAR),
    "members:consents": roles(REGISTRAR),
    "members:withdraw_consent": roles(REGISTRAR),
    "members:reveal_id": roles(REGISTRAR, COMMITTEE, TREASURER),  # a leader has the card before her, or needs it not
    "members:readings": WHOLE_FUND_ROLES,
    "members:households": SEES_MEMBERS,
    "members:household": SEES_MEMBERS,
    "members:household_head": roles(LEADER, REGISTRAR),
    "members:change_house": roles(REGISTRAR),
    "members:move_house": roles(REGISTRAR),
}

HANDS_OUT_RECEIPTS = roles(LEADER, REGISTRAR, COMMITTEE, TREASURER)

LEDGER: dict[str, Who] = {
    "ledger:money": READS_BOOKS,
    "ledger:receipts": WHOLE_FUND_ROLES,
    "ledger:receipt": SEES_MEMBERS,
    "ledger:receipt_pdf": SEES_MEMBERS,
    "ledger:paper_receipt": SEES_MEMBERS,
    "ledger:numbers": WHOLE_FUND_ROLES,
    "ledger:numbers_file": WHOLE_FUND_ROLES,
    "ledger:voids": READS_BOOKS,
    "ledger:voids_pdf": READS_BOOKS,
    "ledger:print_receipt": HANDS_OUT_RECEIPTS,
    "ledger:receipt_copy": HANDS_OUT_RECEIPTS,  # whoever printed it only
    "ledger:print_receipts": HANDS_OUT_RECEIPTS,
    "genuine": PUBLIC,  # whoever holds the receipt
    "ledger:vouchers": READS_BOOKS,
    "ledger:voucher": READS_BOOKS,
    "ledger:voucher_pdf": READS_BOOKS,
    "ledger:account": READS_BOOKS,
    "ledger:entries": READS_BOOKS,
    "ledger:entry": READS_BOOKS,
    "ledger:trial_balance": READS_BOOKS,
    "ledger:account_file": READS_BOOKS,
    "ledger:entries_file": READS_BOOKS,
    "ledger:trial_balance_file": READS_BOOKS,
    "ledger:cash_book": READS_BOOKS,
    "ledger:cash_book_file": READS_BOOKS,
    "ledger:funds": READS_BOOKS,
    "ledger:fund": READS_BOOKS,
    "ledger:fund_pdf": READS_BOOKS,
    "ledger:set_aside": roles(TREASURER),
    "ledger:fund_transfer": roles(TREASURER),
    "ledger:end_fund": roles(TREASURER),
    "ledger:closing": READS_BOOKS,
    "ledger:closing_month": READS_BOOKS,
    "ledger:closing_month_pdf": READS_BOOKS,
    "ledger:closing_year": READS_BOOKS,
    "ledger:closing_year_pdf": READS_BOOKS,
    "ledger:close_month": roles(TREASURER),
    "ledger:close_year": roles(TREASURER),
    "ledger:reverse": roles(TREASURER),
    "ledger:confirm_reversal": roles(TREASURER, COMMITTEE),
    "ledger:passbooks": READS_BOOKS,
    "ledger:passbook": READS_BOOKS,
    "ledger:passbook_line": READS_BOOKS,
    "ledger:type_lines": roles(TREASURER),
    "ledger:tick_line": roles(TREASURER),
    "ledger:untick_line": roles(TREASURER),
    "ledger:take_back_line": roles(TREASURER),
    "ledger:tick": roles(TREASURER),
    "ledger:bank_file": roles(TREASURER),
    "ledger:reconcile": READS_BOOKS,
    "ledger:keep_reconciliation": roles(TREASURER),
    "ledger:reconciliation": READS_BOOKS,
    "ledger:reconciliation_pdf": READS_BOOKS,
}

ASKS_FOR_DUES = roles(LEADER, REGISTRAR, TREASURER)

CONTRIBUTIONS: dict[str, Who] = {
    "contributions:home": WHOLE_FUND_ROLES,
    "contributions:find_payer": roles(TREASURER),
    "contributions:dues": roles(TREASURER),
    "contributions:group_dues": roles(TREASURER),
    "contributions:payment_requests": ASKS_FOR_DUES,
    "contributions:member_request": ASKS_FOR_DUES,
    "contributions:member_request_pdf": ASKS_FOR_DUES,
    "contributions:house_request": ASKS_FOR_DUES,
    "contributions:house_request_pdf": ASKS_FOR_DUES,
    "contributions:grant": roles(TREASURER),
    "contributions:round": roles(TREASURER),
    "contributions:commitments": READS_BOOKS,
    "contributions:commitment": READS_BOOKS,
    "contributions:commitment_letter": READS_BOOKS,
    "contributions:request_paper": READS_BOOKS,
    "contributions:new_commitment": roles(COMMITTEE, TREASURER),
    "contributions:commitment_step": roles(COMMITTEE, TREASURER),
    "contributions:commitment_papers": roles(COMMITTEE, TREASURER),
    "contributions:rounds": WHOLE_FUND_ROLES,
    "contributions:next_round": WHOLE_FUND_ROLES,
    "contributions:round_members": WHOLE_FUND_ROLES,
    "contributions:round_sheet": WHOLE_FUND_ROLES,
    "contributions:round_paper": WHOLE_FUND_ROLES,
    "contributions:contributors": WHOLE_FUND_ROLES,
    "contributions:contributors_sheet": WHOLE_FUND_ROLES,
    "contributions:contributors_this_year": WHOLE_FUND_ROLES,
    "contributions:contributor_year": WHOLE_FUND_ROLES,
    "contributions:contributor_year_pdf": WHOLE_FUND_ROLES,
    "contributions:contributor": WHOLE_FUND_ROLES,
    "contributions:gifts_statement": WHOLE_FUND_ROLES,
    "contributions:new_contributor": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:change_contributor": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:contributor_consent": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:year_certificates": WHOLE_FUND_ROLES,
    "contributions:year_certificate": WHOLE_FUND_ROLES,
    "contributions:event_count": READS_BOOKS,  # the treasurer alone writes a count down
    "contributions:empty_counting_sheet": READS_BOOKS,
    "contributions:counting_sheet": READS_BOOKS,
    "contributions:event_result": WHOLE_FUND_ROLES,
    "contributions:event_thanks": WHOLE_FUND_ROLES,
    "contributions:event_certificates": WHOLE_FUND_ROLES,
    "contributions:event_certificate": WHOLE_FUND_ROLES,
    "contributions:event_givers": WHOLE_FUND_ROLES,
    "contributions:pledges": WHOLE_FUND_ROLES,
    "contributions:in_kind": WHOLE_FUND_ROLES,
    "contributions:partners": WHOLE_FUND_ROLES,
    "contributions:partner": WHOLE_FUND_ROLES,
    "contributions:new_partner": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:change_partner": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_agreement": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_activity": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:correct_activity": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:events": WHOLE_FUND_ROLES,
    "contributions:event": WHOLE_FUND_ROLES,
    "contributions:envelopes": WHOLE_FUND_ROLES,
    "contributions:pledge": WHOLE_FUND_ROLES,
    "contributions:pledge_letter": WHOLE_FUND_ROLES,
    "contributions:in_kind_letter": WHOLE_FUND_ROLES,
    "contributions:new_event": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:change_event": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:close_event": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_sponsor": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:drop_sponsor": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_pledge_alone": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_in_kind_alone": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:issue_envelopes": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:write_off_envelopes": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_pledge": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:give_up_pledge": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_item": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:change_item": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:new_in_kind": roles(REGISTRAR, COMMITTEE, TREASURER),
    "contributions:return_envelope": roles(TREASURER),
    "contributions:pay_pledge": roles(TREASURER),
    "contributions:sell": roles(TREASURER),
    "contributions:legs": roles(COMMITTEE),  # information for the committee: never a debt, on no paper
    "contributions:gift": roles(TREASURER),
    "contributions:interest": roles(TREASURER),
    "contributions:cost": roles(TREASURER),
    "contributions:cost_papers": READS_BOOKS,
    "contributions:certificate": READS_BOOKS,
    "contributions:transfer": roles(TREASURER),
    "contributions:void_receipt": roles(TREASURER),
    "contributions:confirm_void": roles(TREASURER, COMMITTEE),
    "contributions:void_paper_receipt": roles(TREASURER),
    "contributions:confirm_paper_void": roles(TREASURER, COMMITTEE),
    "contributions:void_voucher": roles(TREASURER),
    "contributions:sheet": roles(LEADER),
    "contributions:sheets": SEES_MEMBERS,
    "contributions:open_sheet": roles(LEADER),
    "contributions:fill": SEES_MEMBERS,
    "contributions:send_sheet": roles(LEADER),
    "contributions:sheet_worker": roles(LEADER),
    "contributions:submit": roles(LEADER),
    "contributions:accept": roles(TREASURER),
    "contributions:agree": roles(LEADER),
    "contributions:slip": SEES_MEMBERS,
    "contributions:my_slip": roles(LEADER),
    "contributions:sheet_template": roles(LEADER),
    "contributions:upload_sheet": roles(LEADER),
    "contributions:sheet_upload": roles(LEADER),
    "contributions:give_door_receipt": roles(LEADER),
    "contributions:door_receipt": SEES_MEMBERS,
    "contributions:door": PUBLIC,  # fund, sum and day only, for whoever has the link
    "contributions:cash_with_collectors": READS_BOOKS,
    "contributions:take_in": roles(TREASURER),
    "contributions:taken_paper": READS_BOOKS,
    "contributions:differences": READS_BOOKS,
    "contributions:receipt_books": SEES_MEMBERS,
    "contributions:receipt_book": SEES_MEMBERS,
    "contributions:return_book": roles(REGISTRAR, TREASURER),
    "contributions:give_book_on": roles(REGISTRAR, TREASURER),
    "contributions:sheet_pdf": SEES_MEMBERS,
}

ENTERS_CLAIMS = roles(LEADER, REGISTRAR)
READS_CARE = roles(LEADER, REGISTRAR, COMMITTEE, AUDITOR)

WELFARE: dict[str, Who] = {
    "welfare:claims": SEES_MEMBERS,
    "welfare:export": SEES_MEMBERS,
    "welfare:choose_member": ENTERS_CLAIMS,
    "welfare:choose_benefit": ENTERS_CLAIMS,
    "welfare:report": ENTERS_CLAIMS,
    "welfare:preview": ENTERS_CLAIMS,
    "welfare:change": ENTERS_CLAIMS,
    "welfare:to_correct": ENTERS_CLAIMS,
    "welfare:to_check": roles(REGISTRAR, AUDITOR),
    "welfare:to_pay": roles(TREASURER, COMMITTEE, AUDITOR),
    "welfare:claim": SEES_MEMBERS,
    "welfare:submit": ENTERS_CLAIMS,
    "welfare:verify": roles(REGISTRAR),
    "welfare:return": roles(REGISTRAR, COMMITTEE),
    "welfare:cancel": ENTERS_CLAIMS | {COMMITTEE},
    "welfare:appeal": ENTERS_CLAIMS,
    "welfare:add_papers": ENTERS_CLAIMS,
    "welfare:pay": roles(TREASURER),
    "welfare:deliveries": SEES_MEMBERS,
    "welfare:new_delivery": roles(TREASURER),
    "welfare:delivery": SEES_MEMBERS,
    "welfare:slips": SEES_MEMBERS,
    "welfare:add_slips": SEES_MEMBERS,
    "welfare:payment_lists": roles(TREASURER, COMMITTEE, AUDITOR),
    "welfare:new_payment_list": roles(TREASURER),
    "welfare:payment_list": roles(TREASURER, COMMITTEE, AUDITOR),
    "welfare:payment_list_fail": roles(TREASURER),
    "welfare:payment_list_sheet": roles(TREASURER),
    "welfare:payment_list_pdf": roles(TREASURER, COMMITTEE, AUDITOR),
    "welfare:notice": SEES_MEMBERS,
    "welfare:notice_pdf": SEES_MEMBERS,
    "welfare:voucher": SEES_MEMBERS,
    "welfare:voucher_pdf": SEES_MEMBERS,
    "welfare:reverse": roles(TREASURER),
    "welfare:confirm_reversal": roles(TREASURER, COMMITTEE),
    "welfare:certify": roles(LEADER, REGISTRAR, COMMITTEE),
    "welfare:agree_urgently": roles(COMMITTEE, TREASURER),
    "welfare:beside": WHOLE_FUND_ROLES,
    "welfare:ratify": roles(COMMITTEE),
    "welfare:agenda": WHOLE_FUND_ROLES,
    "welfare:minutes": WHOLE_FUND_ROLES,
    "welfare:settings": roles(COMMITTEE, AUDITOR),
    "welfare:meetings": WHOLE_FUND_ROLES,
    "welfare:open_meeting": roles(COMMITTEE, REGISTRAR),
    "welfare:meeting": WHOLE_FUND_ROLES,
    "welfare:present": roles(COMMITTEE, REGISTRAR),
    "welfare:admissions": roles(COMMITTEE, REGISTRAR),
    "welfare:member": SEES_MEMBERS,
    "welfare:personal_data": roles(REGISTRAR),
    "welfare:passbook": SEES_MEMBERS,
    "welfare:death": ENTERS_CLAIMS,
    "welfare:lists": SEES_MEMBERS,
    "welfare:open_list": roles(REGISTRAR, COMMITTEE),
    "welfare:benefit_list": SEES_MEMBERS,
    "welfare:list_community": SEES_MEMBERS,
    "welfare:list_sheets": SEES_MEMBERS,
    "welfare:list_all_sheets": SEES_MEMBERS,
    "welfare:list_export": SEES_MEMBERS,
    "welfare:list_line": ENTERS_CLAIMS | {COMMITTEE},
    "welfare:list_choose": ENTERS_CLAIMS | {COMMITTEE},
    "welfare:list_add": ENTERS_CLAIMS | {COMMITTEE},
    "welfare:list_confirm": ENTERS_CLAIMS | {COMMITTEE},
    "welfare:list_send": roles(REGISTRAR),
    "welfare:list_cancel": roles(REGISTRAR, COMMITTEE),
    "welfare:list_take_back": roles(REGISTRAR),
    "welfare:list_decide": roles(COMMITTEE),
    "welfare:list_deliver": roles(TREASURER),
    "welfare:notices": SEES_MEMBERS,
    "welfare:record_notice": roles(LEADER, REGISTRAR),
    "welfare:notice_letters": SEES_MEMBERS,
    "welfare:regulations": SIGNED_IN,
    "welfare:regulation": SIGNED_IN,
    "welfare:regulation_pdf": SIGNED_IN,
    "welfare:regulation_changes": SIGNED_IN,
    "welfare:next_steps": WHOLE_FUND_ROLES,
    "welfare:new_regulation": roles(REGISTRAR, COMMITTEE),
    "welfare:regulation_text": roles(REGISTRAR, COMMITTEE),
    "welfare:store_regulation": roles(COMMITTEE),
    "welfare:doubles": roles(REGISTRAR),
    "welfare:double_pair": roles(REGISTRAR),
    "welfare:undo_double": roles(REGISTRAR),
    "welfare:due_to_lapse": roles(COMMITTEE, REGISTRAR),
    # budgets, care, nobody forgotten
    "welfare:what_if": roles(COMMITTEE, TREASURER, REGISTRAR),
    "welfare:what_if_result": roles(COMMITTEE, TREASURER, REGISTRAR),
    "welfare:budgets": WHOLE_FUND_ROLES,
    "welfare:set_budgets": roles(COMMITTEE),
    "welfare:care": READS_CARE,
    "welfare:new_care": ENTERS_CLAIMS,
    "welfare:care_open": READS_CARE,
    "welfare:correct_visit": ENTERS_CLAIMS,
    "welfare:assign_follow_up": ENTERS_CLAIMS,
    "welfare:care_proposals": roles(REGISTRAR),
    "welfare:care_figures": WHOLE_FUND_ROLES,  # they name nobody
    "welfare:care_sheet": READS_CARE,
    "welfare:care_person": READS_CARE,
    "welfare:new_visit": ENTERS_CLAIMS,
    "welfare:plan_visit": ENTERS_CLAIMS,
    "welfare:change_care": ENTERS_CLAIMS,
    "welfare:end_care": ENTERS_CLAIMS,
    "welfare:cancel_plan": ENTERS_CLAIMS,
    "welfare:follow_up": ENTERS_CLAIMS,
    "welfare:refer": ENTERS_CLAIMS,
    "welfare:answer_referral": ENTERS_CLAIMS,
    "welfare:member_care": READS_CARE,
    "welfare:forgotten": READS_CARE,
    "welfare:forgotten_all": roles(REGISTRAR, COMMITTEE),
    "welfare:forgotten_sheet": READS_CARE,
}

REPORTS: dict[str, Who] = {
    "reports:home": SIGNED_IN,
    "reports:check_books": READS_BOOKS,
    "reports:verdict": READS_BOOKS,
    "reports:statement": READS_BOOKS,
    "reports:statement_file": READS_BOOKS,
    "reports:glance": SEES_MEMBERS,
    "reports:reports": WHOLE_FUND_ROLES,
    "reports:member_counts": WHOLE_FUND_ROLES,
    "reports:member_counts_sheet": WHOLE_FUND_ROLES,
    "reports:member_counts_pdf": WHOLE_FUND_ROLES,
    "reports:matchable_sheet": WHOLE_FUND_ROLES,
    "reports:first_steps": roles(ADMINISTRATOR),
    "reports:opening": WHOLE_FUND_ROLES | {ADMINISTRATOR},  # an administrator sees the steps, no amounts
    "reports:opening_cutover": roles(REGISTRAR, TREASURER),
    "reports:opening_begin": roles(REGISTRAR, TREASURER),
    "reports:opening_leader": roles(REGISTRAR, TREASURER),
    "reports:opening_place": roles(REGISTRAR, TREASURER),
    "reports:opening_totals": roles(REGISTRAR, TREASURER),
    "reports:opening_note": roles(REGISTRAR, TREASURER),
    "reports:opening_lock": roles(COMMITTEE),
    "reports:opening_pdf": WHOLE_FUND_ROLES,
    "reports:settings": roles(ADMINISTRATOR),
    "reports:new_bank": roles(ADMINISTRATOR),
}

PERMISSIONS: dict[str, Who] = SIGNING_IN | OFFICE | MEMBERS | LEDGER | CONTRIBUTIONS | WELFARE | REPORTS


def may_open(user: object, view_name: str) -> bool:
    """Say whether this user may open the route. A route without a line is closed to all."""
    who = PERMISSIONS.get(view_name, CLOSED)
    if who is PUBLIC:
        return True
    if who is CLOSED or not user.is_authenticated:
        return False
    return who is SIGNED_IN or user.has_role(*who)
