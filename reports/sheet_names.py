"""Short names of tables for the tabs of sheets, which hold 31 letters: a longer title would be cut amid a word."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from reports.words import in_both

SHORT: dict[str, Promise] = {
    # figures
    "Members in and out, by community": _("In and out by community"),
    "Members in and out, by type": _("In and out by type"),
    "Current members by community and type": _("Members by community, type"),
    "Welfare by community over the years": _("Welfare by community"),
    "Paid in against received, by community": _("Paid in against received"),
    "Statement of receipts and payments": _("Receipts and payments"),
    "Sources and uses since founding": _("Sources and uses"),
    "Bank accounts by the books and by their passbooks": _("Bank accounts, passbooks"),
    # a month, a community
    "Running costs against their limit": _("Running costs and limit"),
    "Cash with collectors and its age": _("Cash with collectors"),
    "Reconciliation of the bank accounts": _("Bank reconciliation"),
    # forms
    "Status form of a community welfare fund": _("Status form"),
    "Proposal for the state's contribution through CODI": _("Proposal"),
    "Report on the municipality's contribution": _("Municipality's contribution"),
    "Yearly return of a community welfare organisation": _("Yearly return"),
    "Full-year members and their matches": _("Full-year members, matches"),
    "Money received since the founding, by source": _("Received since founding"),
    "Welfare by the kinds of CODI's form": _("Welfare by CODI's kinds"),
    # the auditor's pack
    "Entries written more than 30 days after their day": _("Written over 30 days late"),
    "Entries written into a month that had ended": _("Written into an ended month"),
    "Entries reversed without a paper": _("Reversed without a paper"),
    "Claims that one person took two steps of": _("Two steps by one person"),
    "Money counted by the one who brought it": _("Counted by who brought it"),
    "Members who may be in the register twice": _("Perhaps twice in the register"),
    "Receivers paid twice on one day": _("Paid twice on one day"),
    "Cash with a collector for more than 7 days": _("With a collector over 7 days"),
    "Cash from before the books still with a collector": _("Still out from before"),
    "Money on its way to receivers for too long": _("On its way for too long"),
    "Cash in the box for more than 7 days": _("In the box over 7 days"),
    "Counts that came to over or short": _("Counts over or short"),
    "Receivers said to be a relative of the committee": _("Said to be a relative"),
    "Urgent grants that no meeting has ratified": _("Urgent, not ratified"),
    "Sums above the limit without a second approval": _("No second approval"),
    "Claims granted by the committee's judgement": _("Granted by judgement"),
    "Numbers of paper receipt books lost or passed over": _("Paper book numbers missing"),
    "Bank accounts not reconciled for 45 days": _("Not reconciled for 45 days"),
    "Months closed with a word in place of a check": _("Closed without a check"),
    "Changes of the level of controls": _("Level of controls changed"),
}


def sheet_name(title: Words, language: str) -> str:
    """What stands on the tab of the sheet of a table with this title."""
    short = SHORT.get(title.en)
    return (in_both(short) if short else title).in_language(language)
