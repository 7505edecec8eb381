"""The form of a claim, made from the regulation: it asks what this kind asks, and nothing else."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField, PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language
from members.models import Member, Relation
from office.fields import AttachmentsField
from welfare.events import Event, event_key
from welfare.models import Claim
from welfare.queries import possible_recipients
from welfare.rules.document import BenefitTerms
from welfare.rules.words import label, labels

# What the first day of the event is called, by category; nights have words of their own.
FIRST_DAY: dict[str, str | Promise] = {
    "birth": gettext_lazy("Date of birth of the child"),
    "death": gettext_lazy("Date of death"),
    "disaster": gettext_lazy("Day of the damage"),
    "sickness": gettext_lazy("First day of the illness"),
}
MOST_UNITS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Which facts a benefit asks for."""

    nights: bool
    child: bool
    child_birth_date: bool
    units: str
    grade: bool
    loss: bool
    proposed: bool
    event_name: bool
    recipient: bool


def asked_of(benefit: BenefitTerms) -> Asked:
    """What the form has to ask for this benefit, read off its terms."""
    child = benefit.subject == "child" or benefit.once_per == "child"
    counted = benefit.unit if benefit.unit not in ("night", "time") else ""
    return Asked(
        nights=benefit.unit == "night",
        child=child,
        child_birth_date=child and benefit.category != "birth",
        units="" if child and counted == "child" else counted,
        grade=benefit.pays.by_grade is not None,
        loss=benefit.pays.percent_of_loss is not None,
        proposed=benefit.pays.up_to is not None,
        event_name=benefit.category == "disaster",
        recipient=benefit.recipient != "member",
    )


class ClaimForm(RequestForm):
    """One event of one member. `event()` gives what was entered, `papers()` the files with the code of each."""

    def __init__(
        self, *args: Any, benefit: BenefitTerms, member: Member, today: date, claim: Claim | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.benefit, self.member, self.language = benefit, member, active_language()
        self.asked = asked_of(benefit)
        self._ask_days(today)
        self._ask_facts()
        self._ask_recipient()
        self._ask_papers()
        note = gettext_lazy("Anything the committee should know. No diagnosis.")
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=500, help_text=note)
        set_today(self, today)
        if claim is not None:
            self.initial |= initial_of(claim)

    def _ask_days(self, today: date) -> None:
        self.fields["event_from"] = ThaiDateField(label=self._first_day(), today=today)
        if self.asked.nights:
            self.fields["event_until"] = ThaiDateField(label=_("Discharged on"), today=today)
        received = _("Usually today; the day on which you had the papers in your hand.")
        self.fields["received_on"] = ThaiDateField(
            label=_("Papers received on"), today=today, initial=today, help_text=received
        )

    def _first_day(self) -> str:
        if self.asked.nights:
            return _("Admitted to hospital on")
        return str(FIRST_DAY.get(self.benefit.category, _("Day of the event or of asking")))

    def _ask_facts(self) -> None:
        asked, fields = self.asked, self.fields
        if asked.child:
            fields["child_name"] = PersonNameField(label=_("Name of the child"))
        if asked.child_birth_date:
            fields["child_birth_date"] = ThaiDateField(label=_("Date of birth of the child"))
        if asked.units:
            how_many = _("How many (%(unit)s)") % {"unit": label("unit", asked.units, self.language)}
            fields["units"] = forms.IntegerField(label=how_many, min_value=1, max_value=MOST_UNITS, initial=1)
        if asked.event_name:
            name = _("The same name for all who suffered it, for example “flood of November 2563”.")
            fields["event_key"] = forms.CharField(label=_("Name of the disaster"), max_length=60, help_text=name)
        if asked.grade:
            fields["grade"] = forms.ChoiceField(label=_("Damage"), choices=self._grades(), widget=forms.RadioSelect)
        if asked.loss:
            fields["loss_amount"] = BahtFormField(label=_("Loss in baht"), allow_zero=False)
        if asked.proposed:
            ceiling = _("At most %(most)s baht; the committee sets the sum.")
            most = {"most": format_baht(self.benefit.pays.up_to or 0)}
            fields["proposed_amount"] = BahtFormField(
                label=_("Sum asked for, in baht"), required=False, allow_zero=False, help_text=ceiling % most
            )
        if self.benefit.excludes:
            fields["exclusions"] = forms.MultipleChoiceField(
                label=_("Does one of these apply? If none, leave all empty."),
                choices=[(code, label("exclusion", code, self.language)) for code in self.benefit.excludes],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _grades(self) -> list[tuple[str, str]]:
        """The least first: a stored regulation does not keep the order in which it was written."""
        grades = sorted((self.benefit.pays.by_grade or {}).items(), key=lambda grade: grade[1])
        return [(code, self._grade(code, sum_due)) for code, sum_due in grades]

    def _grade(self, code: str, sum_due: Decimal) -> str:
        grade = label("grade", code, self.language)
        return _("%(grade)s – %(sum)s baht") % {"grade": grade, "sum": format_baht(sum_due)}

    def _ask_recipient(self) -> None:
        if not self.asked.recipient:
            return
        named = possible_recipients(self.member)
        name, relation = named[0] if named else ("", "")
        self.fields["recipient_name"] = PersonNameField(label=_("Who receives the money"), initial=name)
        self.fields["recipient_relation"] = forms.ChoiceField(
            label=_("Relation to the member"), choices=[("", "—"), *Relation.choices], initial=relation
        )

    def _ask_papers(self) -> None:
        """A field for each paper that the regulation asks for; where any of several will do, which one it is."""
        for place, papers in enumerate(self.benefit.evidence):
            words = labels("paper", papers, self.language)
            self.fields[f"paper_{place}"] = AttachmentsField(
                label=words[:1].upper() + words[1:], help_text=_("Photograph or PDF; can follow later.")
            )
            if len(papers) > 1:
                choices = [(code, label("paper", code, self.language)) for code in papers]
                self.fields[f"kind_{place}"] = forms.ChoiceField(
                    label=_("Which paper is it?"), choices=choices, required=False
                )

    @property
    def paper_fields(self) -> list[str]:
        """Names of the fields for papers, to be set apart on the page."""
        return [name for name in self.fields if name.startswith(("paper_", "kind_"))]

    def fact_fields(self) -> list[forms.BoundField]:
        """The fields that the reckoning depends on."""
        apart = {*self.paper_fields, "request_id", "note"}
        return [self[name] for name in self.fields if name not in apart]

    def paper_bound_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.paper_fields]

    def papers(self) -> list[tuple[str, UploadedFile]]:
        """The files that came with the form, each with the code of the paper that it shows."""
        found = []
        for place, papers in enumerate(self.benefit.evidence):
            code = self.cleaned_data.get(f"kind_{place}") or papers[0]
            found += [(code, file) for file in self.cleaned_data.get(f"paper_{place}") or []]
        return found

    def event(self) -> Event:
        """What was entered. KeyError while a fact that the form needs is missing or wrong."""
        cleaned = self.cleaned_data
        born = cleaned["event_from"] if self.benefit.category == "birth" else cleaned.get("child_birth_date")
        return Event(
            benefit_code=self.benefit.code,
            event_from=cleaned["event_from"],
            event_until=cleaned["event_until"] if self.asked.nights else None,
            received_on=cleaned["received_on"],
            units=cleaned["units"] if self.asked.units else (1 if self.asked.child else None),
            grade=cleaned.get("grade", ""),
            loss_amount=cleaned.get("loss_amount"),
            proposed_amount=cleaned.get("proposed_amount"),
            child_name=cleaned.get("child_name", ""),
            child_birth_date=born if self.asked.child else None,
            event_key=event_key(cleaned.get("event_key", "")),
            exclusions_affirmed=tuple(cleaned.get("exclusions", ())),
            evidence=frozenset(code for code, _file in self.papers()),
            recipient_name=cleaned.get("recipient_name", ""),
            recipient_relation=cleaned.get("recipient_relation", ""),
            note=cleaned.get("note", ""),
        )


def initial_of(claim: Claim) -> dict[str, Any]:
    """A stored claim as the form shows it again."""
    same = ("event_from", "event_until", "received_on", "units", "grade", "loss_amount", "proposed_amount")
    words = ("event_key", "recipient_name", "recipient_relation", "note")
    child = claim.child
    return {
        **{name: getattr(claim, name) for name in (*same, *words)},
        "child_name": child.name if child else "",
        "child_birth_date": child.birth_date if child else None,
        "exclusions": claim.exclusions_affirmed,
    }
