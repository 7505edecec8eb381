"""Enrolment."""

from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.form_fields import (
    BirthDateField,
    PersonNameField,
    PhoneField,
    ThaiDateField,
    set_today,
    with_birth,
)
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.template_tags import local_name
from members.forms.doubles import AnotherPerson
from members.forms.identity import IdFields
from members.forms.people import HouseNumberField, MooField, TitleField
from members.models import Community, Relation, Sex
from members.verbs import NamedBeneficiary, PersonFacts

PERSON_FIELDS = (
    "title",
    "first_name",
    "family_name",
    "nickname",
    "sex",
    "birth_date",
    "id_kind",
    "national_id",
    "id_reason",
    "phone",
    "occupation",
)
TITLES = ["นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง", "พระ", "สามเณร", "แม่ชี"]


class CommunityChoice(forms.ModelChoiceField):
    """Communities by their name in the reader's language."""

    def label_from_instance(self, community: Community) -> str:
        return local_name(community)


class EnrolForm(AnotherPerson, IdFields, RequestForm):
    """A person comes into the fund: the fields of the application form."""

    field_order = ("request_id", *PERSON_FIELDS)

    title = TitleField(label=_("Title"))
    first_name = PersonNameField(label=_("First name"))
    family_name = PersonNameField(label=_("Family name"), required=False)
    nickname = PersonNameField(label=_("Nickname"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *Sex.choices])
    birth_date = BirthDateField(label=_("Date of birth"))
    phone = PhoneField(label=_("Phone"), required=False)
    occupation = forms.CharField(label=_("Occupation"), required=False, max_length=100)
    community = CommunityChoice(Community.objects.none(), label=_("Community"))
    house_number = HouseNumberField()
    moo = MooField()
    address = forms.CharField(label=_("Living address, if another"), required=False, max_length=250)
    joined_on = ThaiDateField(label=_("Date of joining"))
    beneficiary_name = PersonNameField(label=_("Beneficiary"), required=False)
    beneficiary_relation = forms.ChoiceField(
        label=_("Relation of the beneficiary"), required=False, choices=[("", "—"), *Relation.choices]
    )

    def __init__(self, *args: Any, communities: QuerySet[Community], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities
        set_today(self, today)

    def person(self) -> PersonFacts:
        """The facts of the person, for `members.verbs.enrol_member`."""
        asked = with_birth(self.cleaned_data)
        names = [field.name for field in fields(PersonFacts) if field.name in asked]
        return PersonFacts(**{name: asked[name] for name in names})

    def beneficiaries(self) -> list[NamedBeneficiary]:
        """Who is named to receive the funeral grant: nobody or one."""
        name, relation = self.cleaned_data["beneficiary_name"], self.cleaned_data["beneficiary_relation"]
        return [NamedBeneficiary(name, relation)] if name else []
