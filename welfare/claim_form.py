"""The form of a claim, made from the regulation: it asks what this kind asks, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.form_fields import BahtFormField, PersonNameField, ThaiDateField, set_today
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language
from members.models import Member
from office.fields import AttachmentsField
from welfare.claim_people import (
    HEALTH_PAPERS,
    PEOPLE_FIELDS,
    ask_claimant,
    ask_consent,
    ask_recipient,
    ask_relative,
    needs_tick,
)
from welfare.claims import MOST_CHILDREN, is_own_death
from welfare.events import Event, event_key
from welfare.models import Category, Claim, Claimant
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
MORE_CHILDREN = tuple(f"child_name_{number}" for number in range(2, MOST_CHILDREN + 1))
MOST_FILES, MOST_BYTES = 10, 40 * 1024 * 1024  # of one form; the others follow on the claim's page


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


def first_day(benefit: BenefitTerms) -> str:
    """What the first day of its event is called."""
    if benefit.unit == "night":
        return _("Admitted to hospital on")
    return str(FIRST_DAY.get(benefit.category, _("Day of the event or of asking")))


def grade_choices(benefit: BenefitTerms, language: str) -> list[tuple[str, str]]:
    """The grades of damage with their sums, the least first: a stored regulation keeps no order of its own."""
    grades = sorted((benefit.pays.by_grade or {}).items(), key=lambda grade: grade[1])
    words = _("%(grade)s – %(sum)s baht")
    return [(code, words % {"grade": label("grade", code, language), "sum": format_baht(due)}) for code, due in grades]


def goes_along(benefit: BenefitTerms) -> bool:
    """Whether a benefit asks for so little that the form of another one of the same event can ask it too."""
    asked = asked_of(benefit)
    return not (benefit.by_list or asked.units or asked.grade or asked.loss or asked.proposed or asked.event_name)


class ClaimForm(RequestForm):
    """One event of one member: what one benefit asks, and the `companions` that the same event may give.

    `events()` gives what was entered, one for each claim that it becomes, and `papers(place)` the files of each with
    the code of the paper. `consents` is True where she who filled it in ticked that papers on health may be kept.
    """

    def __init__(
        self,
        *args: Any,
        benefit: BenefitTerms,
        member: Member,
        today: date,
        claim: Claim | None = None,
        companions: Sequence[BenefitTerms] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.benefit, self.member, self.language = benefit, member, active_language()
        self.asked, self.companions = asked_of(benefit), [one for one in companions if goes_along(one)]
        self.too_many_files = ""
        self._ask_days(today)
        self._ask_facts(more_children=claim is None)
        self._ask_people(today)
        self._ask_papers(benefit, "")
        for one in self.companions:
            self._ask_companion(one, today)
        self.asks_consent = ask_consent(self, member, [benefit, *self.companions])
        note = gettext_lazy("Anything the committee should know. No diagnosis.")
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=500, help_text=note)
        set_today(self, today)
        if claim is not None:
            self.initial |= initial_of(claim)

    def _ask_days(self, today: date) -> None:
        died_on = self.member.died_on if is_own_death(self.benefit) else None
        self.fields["event_from"] = ThaiDateField(label=first_day(self.benefit), today=today, initial=died_on)
        if self.asked.nights:
            self.fields["event_until"] = ThaiDateField(label=_("Discharged on"), today=today)
        received = _("Usually today; the day on which you had the papers in your hand.")
        self.fields["received_on"] = ThaiDateField(
            label=_("Papers received on"), today=today, initial=today, help_text=received
        )

    def _ask_facts(self, *, more_children: bool) -> None:
        asked, fields = self.asked, self.fields
        if asked.child:
            fields["child_name"] = PersonNameField(label=_("Name of the child"))
        if asked.child and more_children and self.benefit.category == Category.BIRTH:
            for place, name in enumerate(MORE_CHILDREN, start=2):
                label_text = _("Name of child %(number)d") % {"number": place}
                fields[name] = PersonNameField(label=label_text, required=False)
        if asked.child_birth_date:
            fields["child_birth_date"] = ThaiDateField(label=_("Date of birth of the child"))
        if asked.units:
            how_many = _("How many (%(unit)s)") % {"unit": label("unit", asked.units, self.language)}
            most, told = self._most_units()
            fields["units"] = forms.IntegerField(label=how_many, min_value=1, max_value=most, initial=1, **told)
        if asked.event_name:
            name = _("The same name for all who suffered it, for example “flood of November 2563”.")
            fields["event_key"] = forms.CharField(label=_("Name of the disaster"), max_length=60, help_text=name)
        if asked.grade:
            grades = grade_choices(self.benefit, self.language)
            fields["grade"] = forms.ChoiceField(label=_("Damage"), choices=grades, widget=forms.RadioSelect)
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

    def _most_units(self) -> tuple[int, dict[str, Any]]:
        """The most that may be typed, so that a slip of the pen is told; for a birth, with the reason."""
        if self.benefit.category == Category.BIRTH and self.asked.units == "child":
            message = _("%(most)d children of one birth are the most. Look at the birth certificates again.")
            return MOST_CHILDREN, {"error_messages": {"max_value": message % {"most": MOST_CHILDREN}}}
        return max(MOST_UNITS, self.benefit.limits.units_per_event or 0), {}

    def _ask_people(self, today: date) -> None:
        by_family = self.member.died_on is not None or self.benefit.category == Category.DEATH
        if self.asked.recipient or by_family:
            ask_recipient(self, self.member, today)
        ask_claimant(self, self.member, today, by_family=by_family)
        ask_relative(self)

    def _ask_papers(self, benefit: BenefitTerms, mark: str) -> None:
        """A field for each paper that the regulation asks for; where any of several will do, which one it is."""
        for place, papers in enumerate(benefit.evidence):
            words = labels("paper", papers, self.language)
            self.fields[f"paper_{mark}{place}"] = AttachmentsField(
                label=words[:1].upper() + words[1:],
                help_text=_("Photographs or PDF, several at once; can follow later."),
            )
            if len(papers) > 1:
                choices = [(code, label("paper", code, self.language)) for code in papers]
                self.fields[f"kind_{mark}{place}"] = forms.ChoiceField(
                    label=_("Which paper is it?"), choices=choices, required=False
                )

    def _ask_companion(self, benefit: BenefitTerms, today: date) -> None:
        """The tick that asks for this too, and the few facts that it needs beside those of the event."""
        asked, mark = asked_of(benefit), f"also_{benefit.code}"
        self.fields[mark] = forms.BooleanField(label=_("Ask for this too"), required=False)
        same_day = _("Leave empty where it is the same day as above.")
        self.fields[f"{mark}_from"] = ThaiDateField(
            label=first_day(benefit), today=today, required=False, help_text=same_day
        )
        if asked.nights:
            self.fields[f"{mark}_until"] = ThaiDateField(label=_("Discharged on"), today=today, required=False)
        if asked.child and not self.asked.child:
            self.fields[f"{mark}_child"] = PersonNameField(label=_("Name of the child"), required=False)
        self._ask_papers(benefit, f"{benefit.code}_")

    # --- how the page sets the fields ---

    @property
    def paper_fields(self) -> list[str]:
        """Names of the fields for papers of the benefit itself, to be set apart on the page."""
        marks = tuple(f"{kind}_{one.code}_" for one in self.companions for kind in ("paper", "kind"))
        names = [name for name in self.fields if name.startswith(("paper_", "kind_"))]
        return [name for name in names if not (marks and name.startswith(marks))]

    def fact_fields(self) -> list[forms.BoundField]:
        """The fields that the reckoning depends on."""
        apart = {*PEOPLE_FIELDS, "request_id", "note", "consent"}
        names = [name for name in self.fields if name not in apart and not name.startswith(("paper_", "kind_"))]
        return [self[name] for name in names]

    def main_fields(self) -> list[forms.BoundField]:
        """The facts of the benefit itself, without those that stand folded."""
        return [one for one in self.fact_fields() if not one.name.startswith(("also_", *MORE_CHILDREN))]

    def more_children(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE_CHILDREN if name in self.fields]

    def people_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PEOPLE_FIELDS if name in self.fields]

    def paper_bound_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.paper_fields]

    def others(self) -> Iterator[tuple[BenefitTerms, list[forms.BoundField], bool]]:
        """What else the event may give: the benefit, its fields with the tick first, and whether to unfold it."""
        for one in self.companions:
            tick, marks = f"also_{one.code}", (f"also_{one.code}_", f"paper_{one.code}_", f"kind_{one.code}_")
            fields = [self[name] for name in self.fields if name == tick or name.startswith(marks)]
            yield one, fields, bool(fields[0].value()) or any(field.errors for field in fields)

    @property
    def is_on_behalf(self) -> bool:
        """Whether the fold about people has something in it, and stands open."""
        told = [self[name].value() for name in PEOPLE_FIELDS if name in self.fields]
        return any(value not in ("", None, Claimant.MEMBER) for value in told)

    # --- what is checked ---

    def full_clean(self) -> None:
        """Thirty files of ten megabytes are refused before any is looked into."""
        count = sum(len(files) for _name, files in self.files.lists()) if self.files else 0
        size = sum(file.size for _name, files in self.files.lists() for file in files) if self.files else 0
        if count > MOST_FILES or size > MOST_BYTES:
            message = _(
                "These are %(count)d files with %(size)d MB; a form takes at most %(most)d files with %(room)d MB in"
                " all, each at most 10 MB. None was kept: send the claim with fewer, and the others from its page."
            )
            told = {"count": count, "size": size // 1024**2, "most": MOST_FILES, "room": MOST_BYTES // 1024**2}
            self.too_many_files = message % told
            self.files = MultiValueDict()
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.too_many_files:
            self.add_error(None, self.too_many_files)
        for one in self.companions:
            if cleaned.get(f"also_{one.code}"):
                self._check_companion(one)
        places = range(len(self._marks()))
        if self.asks_consent and not cleaned.get("consent") and self._hands_in_health_papers(places):
            self.add_error("consent", needs_tick())
        return cleaned

    def _check_companion(self, benefit: BenefitTerms) -> None:
        asked, mark = asked_of(benefit), f"also_{benefit.code}"
        for name in (f"{mark}_until",) * asked.nights + (f"{mark}_child",) * asked.child:
            if name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("This is asked for too, so write it."))

    def _hands_in_health_papers(self, places: Sequence[int]) -> bool:
        return any(code in HEALTH_PAPERS for place in places for code, _file in self.papers(place))

    @property
    def consents(self) -> bool:
        return bool(self.cleaned_data.get("consent"))

    # --- what was entered ---

    def _marks(self) -> list[tuple[BenefitTerms, str]]:
        """The benefit of each claim that the form becomes, and the mark of its papers, as in `events()`."""
        cleaned = self.cleaned_data
        children = [name for name in MORE_CHILDREN if cleaned.get(name)]
        also = [one for one in self.companions if cleaned.get(f"also_{one.code}")]
        return [(self.benefit, "")] * (1 + len(children)) + [(one, f"{one.code}_") for one in also]

    def papers(self, place: int = 0) -> list[tuple[str, UploadedFile]]:
        """The files that came for one of the claims, each with the code of the paper that it shows."""
        benefit, mark = self._marks()[place]
        found = []
        for number, papers in enumerate(benefit.evidence):
            code = self.cleaned_data.get(f"kind_{mark}{number}") or papers[0]
            found += [(code, file) for file in self.cleaned_data.get(f"paper_{mark}{number}") or []]
        return found

    def events(self) -> list[Event]:
        """Every claim that the form becomes: the benefit's own, one for each further child, and the companions'."""
        first, cleaned = self.event(), self.cleaned_data
        children = [replace(first, child_name=cleaned[name]) for name in MORE_CHILDREN if cleaned.get(name)]
        also = [one for one in self.companions if cleaned.get(f"also_{one.code}")]
        start = 1 + len(children)
        return [first, *children, *(self._companion_event(one, first, start + at) for at, one in enumerate(also))]

    def _companion_event(self, benefit: BenefitTerms, first: Event, place: int) -> Event:
        cleaned, mark, asked = self.cleaned_data, f"also_{benefit.code}", asked_of(benefit)
        begins = cleaned.get(f"{mark}_from") or first.event_from
        return replace(
            first,
            benefit_code=benefit.code,
            event_from=begins,
            event_until=cleaned.get(f"{mark}_until") if asked.nights else None,
            units=1 if asked.child else None,
            grade="",
            loss_amount=None,
            proposed_amount=None,
            child_name=(cleaned.get(f"{mark}_child") or first.child_name) if asked.child else "",
            child_birth_date=(first.child_birth_date or begins) if asked.child else None,
            event_key="",
            exclusions_affirmed=(),
            evidence=frozenset(code for code, _file in self.papers(place)),
        )

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
            recipient_relative_of=cleaned.get("recipient_relative_of", ""),
            claimant=cleaned.get("claimant") or Claimant.MEMBER,
            claimant_name=cleaned.get("claimant_name", ""),
            claimant_relation=cleaned.get("claimant_relation", ""),
            note=cleaned.get("note", ""),
        )


def initial_of(claim: Claim) -> dict[str, Any]:
    """A stored claim as the form shows it again."""
    same = ("event_from", "event_until", "received_on", "units", "grade", "loss_amount", "proposed_amount")
    words = ("event_key", "recipient_name", "recipient_relation", "note", *PEOPLE_FIELDS)
    child = claim.child
    return {
        **{name: getattr(claim, name) for name in (*same, *words)},
        "child_name": child.name if child else "",
        "child_birth_date": child.birth_date if child else None,
        "exclusions": claim.exclusions_affirmed,
    }
