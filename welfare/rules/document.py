"""A regulation of the fund as data: the whole format, and how a file of it is read.

One file is one version. `read_regulation` checks it whole and either returns the document or
raises all faults at once, each with its place. The document is frozen, and goes to JSON and back
without losing a satang.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from welfare.rules.checking import check_text
from welfare.rules.fields import (
    Baht,
    Code,
    Count,
    Day,
    Days,
    MonthNumber,
    Percent,
    PositiveBaht,
    Text,
    Years,
    YesNo,
    one_of,
    refuse,
)
from welfare.rules.spans import YearKind

CATEGORIES = (
    "birth",
    "sickness",
    "elderly",
    "death",
    "education",
    "disadvantaged",
    "career",
    "housing",
    "disaster",
)
# The lines of CODI's status form: the nine kinds of welfare are nine of them.
CODI_CATEGORIES = (
    "birth",
    "sickness",
    "elderly",
    "death",
    "funeral-costs",
    "disadvantaged",
    "career",
    "education",
    "culture",
    "housing",
    "disaster",
    "public-benefit",
    "environment",
    "other",
)
UNITS = ("night", "child", "item", "person")
GROUPS = ("disabled", "disadvantaged")

Category = Annotated[str, one_of(*CATEGORIES)]
CodiCategory = Annotated[str, one_of(*CODI_CATEGORIES)]
Unit = Annotated[str, one_of(*UNITS)]
Group = Annotated[str, one_of(*GROUPS)]
Recipient = Annotated[Literal["member", "beneficiary", "guardian"], one_of("member", "beneficiary", "guardian")]
Subject = Annotated[Literal["member", "child"], one_of("member", "child")]
OncePer = Annotated[Literal["child", "household"], one_of("child", "household")]
CountedPer = Annotated[Literal["member", "household"], one_of("member", "household")]
Every = Annotated[Literal["year", "half-year", "quarter", "month"], one_of("year", "half-year", "quarter", "month")]
LimitYearKind = Annotated[YearKind, one_of("fund", "calendar", "membership")]
LapseWay = Annotated[Literal["by-resolution", "automatic"], one_of("by-resolution", "automatic")]


def _entries(value: Any) -> Any:
    """A list, or a group, that holds something."""
    if isinstance(value, list | tuple | dict) and not value:
        raise refuse("no_entries")
    return value


def _paper(value: Any) -> Any:
    """One paper, or a list of papers any one of which will do; kept as a list either way."""
    return [value] if isinstance(value, str) else _entries(value)


NotEmpty = BeforeValidator(_entries)
Paper = Annotated[tuple[Code, ...], BeforeValidator(_paper)]


class Part(BaseModel):
    """What every piece of a regulation has in common: unknown keys are faults, and it cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Name(Part):
    """A name in both languages."""

    th: Text
    en: Text

    def in_language(self, language: str) -> str:
        """The Thai name for "th", else the English one."""
        return self.th if language == "th" else self.en


class Span(Part):
    """So many days, or so many years by anniversary: one of the two."""

    days: Days | None = None
    years: Years | None = None


class Step(Part):
    """A step of a scale: holds from its `from` until the next step's."""

    since: Span = Field(alias="from")
    baht: Baht


class PerUnit(Part):
    unit: Unit
    baht: PositiveBaht


class PercentOfLoss(Part):
    percent: Percent
    up_to: PositiveBaht | None = None


class Pays(Part):
    """How a benefit pays: exactly one of these is given."""

    flat: PositiveBaht | None = None
    per: PerUnit | None = None
    by_tenure: Annotated[tuple[Step, ...], NotEmpty] | None = None
    by_age: Annotated[tuple[Step, ...], NotEmpty] | None = None
    by_grade: Annotated[dict[Text, Baht], NotEmpty] | None = None
    up_to: PositiveBaht | None = None
    percent_of_loss: PercentOfLoss | None = None


class Limits(Part):
    """Caps on what is paid; `shared_with` names the benefits that draw on the same yearly and lifetime ones."""

    units_per_event: Count | None = None
    baht_per_event: PositiveBaht | None = None
    units_per_year: Count | None = None
    baht_per_year: PositiveBaht | None = None
    claims_per_year: Count | None = None
    claims_per_lifetime: Count | None = None
    year: LimitYearKind = "fund"
    shared_with: tuple[Code, ...] = ()
    counted_per: CountedPer = "member"
    quota_per_community: Count | None = None
    fund_baht_per_year: PositiveBaht | None = None


class Requires(Part):
    """What must hold on the day of the event; ages are in completed years."""

    waiting_days: Days | None = None
    min_age: Years | None = None
    max_age: Years | None = None
    subject_min_age: Years | None = None
    subject_max_age: Years | None = None
    group: Annotated[tuple[Group, ...], NotEmpty] | None = None
    paid_up: YesNo = True


class BenefitTerms(Part):
    """One benefit of the regulation."""

    code: Code
    category: Category
    codi_category: CodiCategory | None = None
    name: Name
    recipient: Recipient = "member"
    subject: Subject = "member"
    once_per: OncePer | None = None
    by_list: YesNo = False
    pays: Pays
    limits: Limits = Limits()
    requires: Requires = Requires()
    claim_within_days: Days | None = None
    excludes: tuple[Code, ...] = ()
    evidence: tuple[Paper, ...] = ()

    @property
    def codi(self) -> str:
        """The line of CODI's form that it counts in: its own, else that of its kind."""
        return self.codi_category or self.category

    @property
    def unit(self) -> str:
        """What the benefit counts: its unit, or "time" where it pays by the event."""
        return self.pays.per.unit if self.pays.per else "time"


class Dues(Part):
    baht: PositiveBaht
    every: Every
    period: LimitYearKind = "calendar"


class JoiningLate(Part):
    """Who joins from this month on pays for the next period, in good standing at once."""

    from_month: MonthNumber
    counts_for: Annotated[Literal["next"], one_of("next")] = "next"


class Joining(Part):
    """Who may join, and who waits longer: days of waiting by the least age at joining."""

    max_age: Years | None = None
    waiting_days_from_age: Annotated[dict[Years, Days], NotEmpty] | None = None


class MembershipTerms(Part):
    """Dues, waiting and lapse."""

    entry_fee: Baht = Field(default=0, validate_default=True)
    dues: Dues
    joining_late: JoiningLate | None = None
    joining: Joining = Joining()
    waiting_days: Days
    suspend_after_days: Days
    lapse_after_days: Days
    lapse: LapseWay = "by-resolution"
    arrears_by_committee: YesNo = False

    def waiting_days_at_age(self, age: int | None) -> int:
        """The default waiting time of someone who joined at this age (None: unknown)."""
        steps = self.joining.waiting_days_from_age or {}
        reached = [least for least in steps if age is not None and least <= age]
        return steps[max(reached)] if reached else self.waiting_days


class RegulationDocument(Part):
    """One version of the fund's regulation."""

    name: Name
    reference: Text
    effective_from: Day
    membership: MembershipTerms
    benefits: Annotated[tuple[BenefitTerms, ...], NotEmpty]

    def benefit(self, code: str) -> BenefitTerms:
        """The benefit of this code; KeyError where the regulation does not offer it."""
        for benefit in self.benefits:
            if benefit.code == code:
                return benefit
        raise KeyError(code)

    def offers(self, code: str) -> bool:
        """Whether there is a benefit of this code."""
        return any(benefit.code == code for benefit in self.benefits)

    @property
    def codes(self) -> tuple[str, ...]:
        """The benefits' codes in the order of the file."""
        return tuple(benefit.code for benefit in self.benefits)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values: baht as text, days as ISO text, keys as in the file."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """What `to_json` gave, back again and equal."""
        return cls.model_validate(data)


def read_regulation(text: str) -> RegulationDocument:
    """Read one regulation file (YAML text); raises `RegulationFaults` with every fault and its place."""
    return check_text(text, RegulationDocument, known_keys=known_keys())


def known_keys() -> frozenset[str]:
    """Every key of the format, to suggest the one that a slip of the pen meant."""
    fields = (field for part in Part.__subclasses__() for field in part.model_fields.items())
    return frozenset(field.alias or name for name, field in fields)
