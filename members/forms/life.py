"""Forms of a membership's life: transfer, new name, leaving, coming back; and the facts put right."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.births import BirthDate
from bansong_fund.lib.form_fields import (
    BirthDateField,
    PersonNameField,
    PhoneField,
    ThaiDateField,
    set_today,
    with_birth,
)
from bansong_fund.lib.forms import RequestForm
from members.correcting import Contact
from members.forms.identity import IdFields
from members.forms.people import HouseNumberField, MooField, TitleField
from members.forms.register import CommunityChoice
from members.life import House
from members.models import Community, EndReason, MaritalStatus, Member, Resolution, Sex
from members.verbs import PersonFacts


class DatedForm(RequestForm):
    """A form with days in it, which need to know today."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_today(self, today)


class HouseFields(forms.Form):
    """The house by its registration; left empty, none is known."""

    house_number = HouseNumberField()
    moo = MooField()

    def house(self) -> House:
        return House(self.cleaned_data["house_number"], self.cleaned_data["moo"])


class TransferForm(HouseFields, DatedForm):
    """To which community, from which day, into which house."""

    field_order = ("request_id", "community", "on", "house_number", "moo")

    community = CommunityChoice(Community.objects.none(), label=gettext_lazy("New community"))
    on = ThaiDateField(label=gettext_lazy("From which day"))

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities
        self.fields["house_number"].label = _("House no. there")


class NameForm(DatedForm):
    """The name as it is from a day on."""

    title = TitleField(label=gettext_lazy("Title"))
    first_name = PersonNameField(label=gettext_lazy("First name"))
    family_name = PersonNameField(label=gettext_lazy("Family name"), required=False)
    changed_on = ThaiDateField(label=gettext_lazy("From which day"))
    shown_by = forms.CharField(
        label=gettext_lazy("Paper that shows it"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For instance the marriage certificate or the certificate of the change of name."),
    )


class LeaveForm(DatedForm):
    """Why and when a member leaves."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in (EndReason.RESIGNED, EndReason.MOVED)],
        widget=forms.RadioSelect,
    )
    on = ThaiDateField(label=gettext_lazy("Last day as a member"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)
    letter = forms.FileField(
        label=gettext_lazy("Letter, photographed"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
    )


class ResolutionChoice(forms.ModelChoiceField):
    """Resolutions by the number of their meeting and their subject."""

    def label_from_instance(self, resolution: Resolution) -> str:
        return f"{resolution.label} {resolution.subject}"


class ReenterForm(HouseFields, DatedForm):
    """Who comes back, from which day, by which decision."""

    field_order = ("request_id", "community", "house_number", "moo", "joined_on", "resolution", "decision")

    community = CommunityChoice(Community.objects.none(), label=gettext_lazy("Community"))
    joined_on = ThaiDateField(label=gettext_lazy("Date of re-entry"))
    resolution = ResolutionChoice(
        Resolution.objects.none(), label=gettext_lazy("Resolution"), required=False, empty_label="—"
    )
    decision = forms.CharField(
        label=gettext_lazy("Meeting, where its resolution is on paper only"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For instance “Meeting 3/2563, item 4”."),
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities
        latest = Resolution.objects.select_related("meeting").order_by("-meeting__held_on", "-pk")
        self.fields["resolution"].queryset = latest

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("resolution") and not cleaned.get("decision"):
            self.add_error(
                "decision", _("The committee decides on a re-entry. Choose its resolution, or name the meeting.")
            )
        return cleaned


class ContactForm(RequestForm):
    """How a member is called and reached."""

    nickname = PersonNameField(label=gettext_lazy("Nickname"), required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    address = forms.CharField(label=gettext_lazy("Living address, if another"), required=False, max_length=250)

    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in Contact.__slots__})


class CorrectForm(IdFields, HouseFields, DatedForm):
    """Every fact of a person. The ID number is written only where it is another; the page never shows the whole."""

    field_order = (
        *("request_id", "title", "first_name", "family_name", "nickname", "sex", "birth_date", "nationality"),
        *("marital_status", "occupation", "phone", "id_kind", "national_id", "id_reason"),
        *("house_number", "moo", "address"),
    )

    title = TitleField(label=gettext_lazy("Title"))
    first_name = PersonNameField(label=gettext_lazy("First name"))
    family_name = PersonNameField(label=gettext_lazy("Family name"), required=False)
    nickname = PersonNameField(label=gettext_lazy("Nickname"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=Sex.choices)
    birth_date = BirthDateField(label=gettext_lazy("Date of birth"), required=False)
    nationality = PersonNameField(label=gettext_lazy("Nationality"), required=False)
    marital_status = forms.ChoiceField(
        label=gettext_lazy("Marital status"), required=False, choices=[("", "—"), *MaritalStatus.choices]
    )
    occupation = forms.CharField(label=gettext_lazy("Occupation"), required=False, max_length=100)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    address = forms.CharField(label=gettext_lazy("Living address, if another"), required=False, max_length=250)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, initial=facts_shown(member), **kwargs)
        self.number_needed = not member.national_id_encrypted
        if member.masked_id:
            shown = {"number": member.masked_id}
            self.fields["national_id"].help_text = _("%(number)s is kept. Write a number only to replace it.") % shown

    def facts(self) -> PersonFacts:
        asked = with_birth(self.cleaned_data)
        names = [field.name for field in fields(PersonFacts) if field.name in asked]
        return PersonFacts(**{name: asked[name] for name in names})

    @property
    def has_new_number(self) -> bool:
        return bool(self.cleaned_data["national_id"])


def facts_shown(member: Member) -> dict[str, Any]:
    """What the form for corrections starts with: all but the ID number."""
    names = ("title", "first_name", "family_name", "nickname", "sex", "nationality", "marital_status", "occupation")
    shown = {name: getattr(member, name) for name in (*names, "phone", "id_kind", "id_reason", "address")}
    born = member.birth_date and BirthDate(member.birth_date, member.birth_precision)
    house = member.household
    place = {"house_number": house.house_number, "moo": house.moo} if house else {}
    return shown | place | {"birth_date": born}


class TitlesForm(RequestForm):
    """Whose titles are to change: those that are ticked."""

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        to_field_name="number",
        error_messages={"required": gettext_lazy("Nobody is ticked. Tick those whose title is to change.")},
    )

    def __init__(self, *args: Any, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = members
