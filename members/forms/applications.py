"""The application to membership as leaders and registrars fill it in, and the small forms around it."""

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.births import BirthDate
from bansong_fund.lib.form_fields import BahtFormField, PersonNameField, PhoneField, ThaiDateField
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.national_id import decrypt_id
from members.applications import MOST_BENEFICIARIES, WHOLE, ApplicationFacts
from members.forms.register import CommunityChoice, EnrolForm
from members.models import (
    Application,
    ApplicationState,
    Community,
    Consent,
    IdKind,
    MaritalStatus,
    PayInterval,
    Relation,
)
from members.verbs import NamedBeneficiary, NamedGuardian, PersonFacts
from office.fields import AttachmentsField

THAI = "ไทย"
OPTIONAL_CONSENTS = (Consent.Kind.HEALTH, Consent.Kind.NAME, Consent.Kind.PHOTO)
CONSENT_WORDS = {
    Consent.Kind.HEALTH: gettext_lazy("The fund may keep papers on health and disability with claims"),
    Consent.Kind.NAME: gettext_lazy("The fund may show the name in public, for instance in its annual report"),
    Consent.Kind.PHOTO: gettext_lazy("The fund may show photographs"),
}
PERSON = ("title", "first_name", "family_name", "nickname", "sex", "birth_date", "nationality", "marital_status")
PERSON_MORE = ("occupation", "phone", "id_kind", "national_id", "id_reason", "former_number")
PLACE = ("community", "house_number", "moo", "lane", "road", "address")
GUARDIAN = ("guardian_name", "guardian_relation", "guardian_phone")
DUES = ("pay_every", "first_dues_on", "first_dues_baht")


class ApplicationForm(EnrolForm):
    """A person asks to be taken into the fund. `facts()` gives what was written, `cleaned_data["papers"]` the files.

    `kept`: the application that is being corrected, whose ID stays where none is written.
    """

    joined_on = beneficiary_name = beneficiary_relation = None

    applied_on = ThaiDateField(label=gettext_lazy("Date of application"))
    nationality = forms.CharField(label=gettext_lazy("Nationality"), required=False, max_length=60, initial=THAI)
    marital_status = forms.ChoiceField(
        label=gettext_lazy("Marital status"), required=False, choices=[("", "—"), *MaritalStatus.choices]
    )
    lane = forms.CharField(label=gettext_lazy("Lane (Soi)"), required=False, max_length=60)
    road = forms.CharField(label=gettext_lazy("Road"), required=False, max_length=60)
    former_number = forms.IntegerField(
        label=gettext_lazy("Former member no."),
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text=gettext_lazy("Only where the person was a member before and comes back."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    guardian_name = PersonNameField(label=gettext_lazy("Name of the guardian"), required=False)
    guardian_relation = forms.ChoiceField(
        label=gettext_lazy("Relation of the guardian to the applicant"),
        required=False,
        choices=[("", "—"), *Relation.choices],
    )
    guardian_phone = PhoneField(label=gettext_lazy("Phone of the guardian"), required=False)
    pay_every = forms.ChoiceField(
        label=gettext_lazy("How the applicant wants to pay"), choices=PayInterval.choices, initial=PayInterval.YEAR
    )
    first_dues_on = ThaiDateField(label=gettext_lazy("First dues taken on"), required=False)
    first_dues_baht = BahtFormField(label=gettext_lazy("First dues taken, in baht"), required=False)
    knows_rules = forms.BooleanField(
        label=gettext_lazy("The applicant knows the regulation and what is written above"),
        error_messages={"required": gettext_lazy("Tell the applicant the rules, then tick it.")},
    )
    notice = forms.BooleanField(
        label=gettext_lazy("The privacy notice was handed over and explained"),
        error_messages={"required": gettext_lazy("Hand the privacy notice over, then tick it.")},
    )
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("The applicant agrees (each may be refused or withdrawn later; membership does not change)"),
        required=False,
        choices=[(kind.value, CONSENT_WORDS[kind]) for kind in OPTIONAL_CONSENTS],
        widget=forms.CheckboxSelectMultiple,
    )
    papers = AttachmentsField()
    another_person = forms.BooleanField(label=gettext_lazy("This is another person: enter it"), required=False)
    certified = forms.BooleanField(
        label=gettext_lazy("I know the applicant and certify that this is right"), required=False
    )

    def __init__(self, *args: Any, kept: Application | None = None, may_certify: bool = False, **kwargs: Any) -> None:
        if kept is not None:
            kwargs["initial"] = initial_of(kept) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.number_needed = kept is None or not kept.national_id_encrypted
        communities = self.fields["community"].queryset
        if len(communities) == 1:
            self.initial.setdefault("community", communities[0].pk)
        if kept is not None or not may_certify:
            del self.fields["certified"]
        if kept is not None:
            del self.fields["papers"]
        self._ask_beneficiaries()

    def _ask_beneficiaries(self) -> None:
        for place in range(1, MOST_BENEFICIARIES + 1):
            number = {"number": place}
            self.fields[f"beneficiary_name_{place}"] = PersonNameField(
                label=_("Beneficiary %(number)d: name") % number, required=False
            )
            self.fields[f"beneficiary_relation_{place}"] = forms.ChoiceField(
                label=_("Beneficiary %(number)d: relation") % number,
                required=False,
                choices=[("", "—"), *Relation.choices],
            )
            self.fields[f"beneficiary_share_{place}"] = forms.IntegerField(
                label=_("Beneficiary %(number)d: share in percent") % number,
                required=False,
                min_value=1,
                max_value=WHOLE,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place in range(1, MOST_BENEFICIARIES + 1):
            rest = cleaned.get(f"beneficiary_relation_{place}") or cleaned.get(f"beneficiary_share_{place}")
            if rest and not cleaned.get(f"beneficiary_name_{place}") and f"beneficiary_name_{place}" not in self.errors:
                self.add_error(f"beneficiary_name_{place}", _("Write the name, or leave the whole row empty."))
        return cleaned

    # --- what the page draws ---------------------------------------------------------------------------------

    def rows_of_beneficiaries(self) -> list[list[forms.BoundField]]:
        parts = ("name", "relation", "share")
        return [[self[f"beneficiary_{part}_{place}"] for part in parts] for place in range(1, MOST_BENEFICIARIES + 1)]

    def person_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*PERSON, *PERSON_MORE)]

    def place_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PLACE]

    def guardian_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in GUARDIAN]

    def shows_guardian(self) -> bool:
        """Whether the folded part about the guardian stands open."""
        return any(field.value() or field.errors for field in self.guardian_fields())

    def shows_more_beneficiaries(self) -> bool:
        return any(field.value() or field.errors for row in self.rows_of_beneficiaries()[1:] for field in row)

    def dues_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in DUES]

    # --- what was written ------------------------------------------------------------------------------------

    def person(self) -> PersonFacts:
        person = super().person()
        kept = self.kept
        if person.national_id or person.id_kind == IdKind.NONE or kept is None or not kept.national_id_encrypted:
            return person
        number = decrypt_id(kept.national_id_encrypted)
        reason = person.id_reason or kept.id_reason
        return replace(person, national_id=number, id_kind=kept.id_kind, id_reason=reason)

    def beneficiaries(self) -> list[NamedBeneficiary]:
        """Those named; one alone receives the whole."""
        cleaned = self.cleaned_data
        places = [place for place in range(1, MOST_BENEFICIARIES + 1) if cleaned[f"beneficiary_name_{place}"]]
        alone = WHOLE if len(places) == 1 else 0
        return [
            NamedBeneficiary(
                name=cleaned[f"beneficiary_name_{place}"],
                relation=cleaned[f"beneficiary_relation_{place}"],
                share_percent=cleaned[f"beneficiary_share_{place}"] or alone,
            )
            for place in places
        ]

    def guardian(self) -> NamedGuardian | None:
        cleaned = self.cleaned_data
        if not cleaned["guardian_name"]:
            return None
        return NamedGuardian(cleaned["guardian_name"], cleaned["guardian_relation"], cleaned["guardian_phone"])

    def facts(self) -> ApplicationFacts:
        """What was written, for `members.applications`."""
        cleaned = self.cleaned_data
        same = ("community", "applied_on", "pay_every", "knows_rules", "first_dues_on", "first_dues_baht")
        notice = {Consent.Kind.NOTICE.value} if cleaned["notice"] else set()
        return ApplicationFacts(
            person=self.person(),
            beneficiaries=self.beneficiaries(),
            guardian=self.guardian(),
            consents=frozenset({*cleaned["consents"], *notice}),
            former_number=cleaned["former_number"],
            **{name: cleaned[name] for name in same},
        )


def initial_of(application: Application) -> dict[str, Any]:
    """A stored application as the form shows it again; the ID is not shown."""
    names = {*PERSON, *PERSON_MORE, *PLACE, *GUARDIAN, *DUES, "applied_on", "knows_rules"}
    apart = {"birth_date", "community", "national_id", "former_number"}
    found: dict[str, Any] = {name: getattr(application, name) for name in names - apart}
    found["birth_date"] = BirthDate(application.birth_date, application.birth_precision)
    found["community"] = application.community_id
    found["former_number"] = application.former_member.number if application.former_member else None
    found["notice"] = Consent.Kind.NOTICE in application.consents
    found["consents"] = [kind for kind in application.consents if kind != Consent.Kind.NOTICE]
    for place, one in enumerate(application.beneficiaries, start=1):
        found[f"beneficiary_name_{place}"] = one["name"]
        found[f"beneficiary_relation_{place}"] = one["relation"]
        found[f"beneficiary_share_{place}"] = one["share_percent"]
    return found


class ApplicationFilterForm(forms.Form):
    """Over the list: a name or number, the community, the state."""

    q = forms.CharField(label=gettext_lazy("Name or application no."), required=False, max_length=100)
    community = CommunityChoice(
        Community.objects.none(), label=gettext_lazy("Community"), required=False, empty_label=gettext_lazy("All")
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *ApplicationState.choices],
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities


class WithdrawForm(forms.Form):
    """Why an application is taken back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ApplicationPapersForm(RequestForm):
    """Papers that come later."""

    papers = AttachmentsField(required=True)
