"""What the form of a claim asks about people: who asks, who receives, whose relative; and consent to keep papers."""

from collections.abc import Collection
from datetime import date, datetime

from django import forms
from django.utils.translation import gettext as _

from bansong_fund.lib.form_fields import PersonNameField
from members.around import is_minor
from members.consents import give_consent, has_consent
from members.models import Consent, Member, Relation
from office.models import User
from welfare.claimants import guardians_on
from welfare.models import Claim, Claimant
from welfare.queries import possible_recipients
from welfare.rules.document import BenefitTerms

RELATIONS = [("", "—"), *Relation.choices]
# papers that tell of somebody's health: kept with consent only (PDPA, section 26)
HEALTH_PAPERS = frozenset(
    {"hospital-certificate", "medical-certificate", "discharge-summary", "hospital-receipt", "disability-card"}
)
PEOPLE_FIELDS = ("claimant", "claimant_name", "claimant_relation", "recipient_relative_of")


def ask_recipient(form: forms.Form, member: Member, today: date) -> None:
    """Who receives the money: the named beneficiary, a minor's guardian, or nobody is proposed."""
    proposed = possible_recipients(member)
    if member.died_on is None and is_minor(member, today):
        proposed = [(one.name, one.relation) for one in guardians_on(member, today)]
    name, relation = proposed[0] if proposed else ("", "")
    form.fields["recipient_name"] = PersonNameField(label=_("Who receives the money"), initial=name)
    form.fields["recipient_relation"] = forms.ChoiceField(
        label=_("Relation to the member"), choices=RELATIONS, initial=relation, required=False
    )


def ask_claimant(form: forms.Form, member: Member, today: date, *, by_family: bool) -> None:
    """Who asks; for a minor her guardian is proposed, for the dead only the family may."""
    asks, name, relation = Claimant.MEMBER, "", ""
    if not by_family:
        guardians = guardians_on(member, today) if is_minor(member, today) else []
        if guardians:
            asks, name, relation = Claimant.GUARDIAN, guardians[0].name, guardians[0].relation
        choices = [choice for choice in Claimant.choices if choice[0] != Claimant.FAMILY]
        form.fields["claimant"] = forms.ChoiceField(
            label=_("Who asks"), choices=choices, initial=asks, required=False, widget=forms.RadioSelect
        )
    if by_family:
        told = _("Leave empty where whoever receives the money asks for it.")
    else:
        told = _("Only where it is not the member herself. A power of attorney is one of the papers then.")
    form.fields["claimant_name"] = PersonNameField(
        label=_("Name of the person who asks"), required=False, initial=name, help_text=told
    )
    form.fields["claimant_relation"] = forms.ChoiceField(
        label=_("How that person is related to the member"), choices=RELATIONS, required=False, initial=relation
    )


def ask_relative(form: forms.Form) -> None:
    """Whether the recipient is a relative of somebody who enters, decides or pays; the committee sees it."""
    told = _("Somebody of the committee, a leader or the staff. Leave empty if of none of them. The committee sees it.")
    form.fields["recipient_relative_of"] = forms.CharField(
        label=_("The recipient is a relative of"), required=False, max_length=200, help_text=told
    )


def ask_consent(form: forms.Form, member: Member, benefits: list[BenefitTerms]) -> bool:
    """A tick for keeping papers on health, where the kind asks for such and no consent runs. Returns whether asked.

    The data of the dead are not personal data; their papers need no consent.
    """
    return ask_consent_to_keep(form, member, {code for one in benefits for papers in one.evidence for code in papers})


def ask_consent_to_keep(form: forms.Form, member: Member, papers: Collection[str]) -> bool:
    """The same for the codes of the papers that may come."""
    is_asked = not HEALTH_PAPERS.isdisjoint(papers) and member.died_on is None
    if not is_asked or has_consent(member, Consent.Kind.HEALTH):
        return False
    told = _("They serve this claim only, few people see them, and each look at them is written down.")
    form.fields["consent"] = forms.BooleanField(
        label=_("The member (for a minor, the guardian) agrees that the fund keeps these papers on health."),
        required=False,
        help_text=told,
    )
    return True


def needs_tick() -> str:
    """What is said where a paper on health comes without the tick."""
    return _("Tick this, or take the photograph off and show the paper to the registrar.")


def keep_consent(claim: Claim, *, given_on: date, by: User, today: date, now: datetime) -> None:
    """Write down that the member, or her guardian, agreed. Once it runs, no form asks her again."""
    given_by = claim.claimant_name if claim.claimant == Claimant.GUARDIAN else ""
    facts = {"given_on": given_on, "given_by": given_by, "kind": Consent.Kind.HEALTH}
    give_consent(member=claim.member, **facts, by=by, today=today, now=now)
