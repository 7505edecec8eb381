"""Forms about the people and marks around a member."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import PersonNameField, PhoneField, ThaiDateField
from members.around import MOST_NAMED
from members.forms.life import DatedForm
from members.forms.people import MemberNumberField
from members.models import Beneficiary, Child, Consent, Group, Member, Relation
from members.verbs import NamedBeneficiary, NamedGuardian

RELATIONS = [("", "—"), *Relation.choices]


class BeneficiariesForm(DatedForm):
    """One to four people with relation and share. `rows` gives the fields of each, `named()` those filled in."""

    named_on = ThaiDateField(label=gettext_lazy("Named on"))

    def __init__(self, *args: Any, named: list[Beneficiary], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(MOST_NAMED):
            self._add_row(place, named[place] if place < len(named) else None)

    def _add_row(self, place: int, one: Beneficiary | None) -> None:
        self.fields[f"name_{place}"] = PersonNameField(label=_("Name"), required=False, initial=one.name if one else "")
        self.fields[f"relation_{place}"] = forms.ChoiceField(
            label=_("Relation"), required=False, choices=RELATIONS, initial=one.relation if one else ""
        )
        self.fields[f"share_{place}"] = forms.IntegerField(
            label=_("Share in percent"),
            required=False,
            min_value=1,
            max_value=100,
            initial=one.share_percent if one else None,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each person; open are the first and those with something in them."""
        return [self._row(place) for place in range(MOST_NAMED)]

    def _row(self, place: int) -> dict[str, Any]:
        row = {part: self[f"{part}_{place}"] for part in ("name", "relation", "share")}
        return row | {"is_open": place == 0 or any(field.value() or field.errors for field in row.values())}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for place in range(MOST_NAMED):
            name, relation = cleaned.get(f"name_{place}"), cleaned.get(f"relation_{place}")
            if name and not relation and f"relation_{place}" not in self.errors:
                self.add_error(f"relation_{place}", _("Choose how this person is related to the member."))
            if not name and cleaned.get(f"share_{place}") and f"name_{place}" not in self.errors:
                self.add_error(f"name_{place}", _("Write the name, or take the share out."))
        return cleaned

    def named(self) -> list[NamedBeneficiary]:
        asked = self.cleaned_data
        return [
            NamedBeneficiary(asked[f"name_{place}"], asked[f"relation_{place}"], asked[f"share_{place}"] or 0)
            for place in range(MOST_NAMED)
            if asked[f"name_{place}"]
        ]


class DiedForm(DatedForm):
    died_on = ThaiDateField(label=gettext_lazy("Date of death"))


class UntilForm(DatedForm):
    until = ThaiDateField(label=gettext_lazy("Last day"))


class WithdrawForm(DatedForm):
    on = ThaiDateField(label=gettext_lazy("Taken back on"))


class _WithMembers(DatedForm):
    """A form with the field `number`, which names another member."""

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].members = members


class ChildForm(_WithMembers):
    """A child; the number alone is enough where the child is a member."""

    name = PersonNameField(label=gettext_lazy("Name of the child"), required=False)
    birth_date = ThaiDateField(label=gettext_lazy("Date of birth"), required=False)
    number = MemberNumberField(
        label=gettext_lazy("Member no. of the child, if a member"),
        help_text=gettext_lazy("Then name and birth are those of the register."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and not cleaned.get("number") and not self.errors:
            self.add_error("name", _("Write the name of the child, or the member no."))
        return cleaned


def child_shown(child: Child) -> dict[str, Any]:
    return {
        "name": child.name,
        "birth_date": child.birth_date,
        "number": str(child.member.number) if child.member else "",
    }


class GroupForm(DatedForm):
    """A mark with what shows it; health data needs a consent."""

    group = forms.ChoiceField(label=gettext_lazy("Group"), choices=Group.choices, widget=forms.RadioSelect)
    since = ThaiDateField(label=gettext_lazy("From which day"))
    shown_by = forms.CharField(
        label=gettext_lazy("Paper that shows it"),
        max_length=200,
        help_text=gettext_lazy("For instance the disability card with its last day. No diagnosis."),
    )
    consent_given = forms.BooleanField(
        label=gettext_lazy("She or he agrees that the fund writes down the disability"), required=False
    )
    consent_by = PersonNameField(label=gettext_lazy("Who agreed for a minor"), required=False)


class GuardianForm(_WithMembers):
    """Who acts for a minor; the number alone is enough where the guardian is a member."""

    name = PersonNameField(label=gettext_lazy("Name of the guardian"), required=False)
    number = MemberNumberField(label=gettext_lazy("Member no. of the guardian, if a member"))
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=RELATIONS)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    since = ThaiDateField(label=gettext_lazy("From which day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("name") and not cleaned.get("number") and not self.errors:
            self.add_error("name", _("Write the name of the guardian, or the member no."))
        return cleaned

    def guardian(self) -> NamedGuardian:
        asked = self.cleaned_data
        return NamedGuardian(asked["name"], asked["relation"], asked["phone"])


class ConsentForm(DatedForm):
    """What was agreed to, when, by whom."""

    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=Consent.Kind.choices, widget=forms.RadioSelect)
    given_on = ThaiDateField(label=gettext_lazy("Given on"))
    given_by = PersonNameField(
        label=gettext_lazy("Who agreed for a minor"),
        required=False,
        help_text=gettext_lazy("For a child up to 10 the guardian alone agrees; for another minor both do."),
    )
