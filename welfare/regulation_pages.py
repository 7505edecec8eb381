"""The regulation as people read it: its versions, one version in sentences, what a version changes and for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from contributions.queries import PaidHistory
from members.fund_head import fund_head
from members.models import Fund, GroupFlag, Membership, Regulation
from members.standing import Standing, StandingRules, is_due_to_lapse, standing_on
from welfare.regulations import document_of
from welfare.rules.comparing import BenefitChanges, Comparison, compare
from welfare.rules.describe import Rule, rules_of
from welfare.rules.describe_membership import membership_rules
from welfare.rules.document import CATEGORIES, GROUPS, BenefitTerms, MembershipTerms, RegulationDocument, Span
from welfare.rules.next_steps import sum_of_event
from welfare.rules.spans import completed_years
from welfare.rules.words import counted, label

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/regulation.css")
SCALES = ("tenure", "age", "grade")


class State(StrEnum):
    TO_COME = "to-come"
    IN_FORCE = "in-force"
    PAST = "past"


STATE_NAMES: dict[State, Promise] = {
    State.TO_COME: _("To come"),
    State.IN_FORCE: _("In force"),
    State.PAST: _("Past"),
}


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version with its place among the others: the one before it, and the first day of the next."""

    regulation: Regulation
    before: Regulation | None
    until: date | None
    state: State

    @property
    def state_name(self) -> Promise:
        return STATE_NAMES[self.state]

    @property
    def document(self) -> RegulationDocument:
        return document_of(self.regulation)


def versions(today: date) -> list[StoredVersion]:
    """Every version, newest first, in one query; their documents stay where they are."""
    rows = list(Regulation.objects.defer("document").select_related("loaded_by").order_by("effective_from"))
    befores, followings = [None, *rows], [*rows[1:], None]
    found = [_stored(*three, today) for three in zip(rows, befores, followings, strict=False)]
    return found[::-1]


def version_from(day: date, today: date) -> StoredVersion | None:
    """The version that starts on this day."""
    return next((one for one in versions(today) if one.regulation.effective_from == day), None)


def version_in_force(today: date) -> StoredVersion | None:
    """Today's version; None where the first is still to come, or there is none."""
    return next((one for one in versions(today) if one.state is State.IN_FORCE), None)


def _stored(
    regulation: Regulation, before: Regulation | None, following: Regulation | None, today: date
) -> StoredVersion:
    until = following.effective_from if following else None
    if regulation.effective_from > today:
        state = State.TO_COME
    else:
        state = State.PAST if until is not None and until <= today else State.IN_FORCE
    return StoredVersion(regulation, before, until, state)


# --- one version as a page ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BenefitPage:
    """A benefit: its scale as rows (from what, baht), of `scale_of` tenure, age, grade or "", and its sentences."""

    code: str
    name: Words
    scale_of: str
    scale: tuple[tuple[Words, Decimal], ...]
    sentences: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class KindPage:
    """One of the nine kinds of welfare with its benefits; without any where the regulation offers none."""

    code: str
    name: Words
    benefits: tuple[BenefitPage, ...]


@dataclass(frozen=True, slots=True)
class RegulationPage:
    name: Words
    reference: str
    effective_from: date
    membership: tuple[Words, ...]
    kinds: tuple[KindPage, ...]


def page_of(document: RegulationDocument) -> RegulationPage:
    """A version as a page that a member can read, in both languages. No query."""
    return RegulationPage(
        name=Words(document.name.th, document.name.en),
        reference=document.reference,
        effective_from=document.effective_from,
        membership=_all_words(membership_rules(document.membership)),
        kinds=tuple(_kind(code, document) for code in CATEGORIES),
    )


def _kind(code: str, document: RegulationDocument) -> KindPage:
    offered = (benefit for benefit in document.benefits if benefit.category == code)
    return KindPage(code, _labelled("category", code), tuple(_benefit_page(one, document) for one in offered))


def _benefit_page(benefit: BenefitTerms, document: RegulationDocument) -> BenefitPage:
    rules = rules_of(benefit, document)
    return BenefitPage(
        code=benefit.code,
        name=Words(benefit.name.th, benefit.name.en),
        scale_of=next((scale for scale in SCALES if any(_is_step(rule, scale) for rule in rules)), ""),
        scale=tuple(_scale(benefit)),
        sentences=_all_words(rule for rule in rules if not any(_is_step(rule, scale) for scale in SCALES)),
    )


def _is_step(rule: Rule, scale: str) -> bool:
    return rule.about.startswith(f"{scale} ")


def _scale(benefit: BenefitTerms) -> Iterable[tuple[Words, Decimal]]:
    pays = benefit.pays
    for step in pays.by_tenure or pays.by_age or ():
        yield span_words(step.since), step.baht
    for grade, baht in sorted((pays.by_grade or {}).items(), key=lambda graded: graded[1]):
        yield _labelled("grade", grade), baht


def span_words(span: Span) -> Words:
    """A span of time in words: 180 days, 15 years."""
    number, what = (span.years, "years") if span.years is not None else (span.days or 0, "days")
    return Words(counted(number, what, "th"), counted(number, what, "en"))


def _labelled(kind: str, code: str) -> Words:
    return Words(label(kind, code, "th"), label(kind, code, "en"))


def _all_words(rules: Iterable[Rule]) -> tuple[Words, ...]:
    return tuple(Words(rule.th, rule.en) for rule in rules)


def regulation_pdf(version: StoredVersion, fund: Fund, language: Language) -> bytes:
    """The PDF of one version, A4, Thai, English or both."""
    page = page_of(version.document)
    title = page.name.in_language("en" if language == "en" else "th")
    context: dict[str, Any] = {"page": page, "paper_title": title, "until": version.until}
    html = draw_paper("pdf/regulation.html", context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


# --- what a version changes, and for whom --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touched:
    """How many of today's members one event would pay more, less, for the first time, or no longer."""

    more: int = 0
    less: int = 0
    newly: int = 0
    no_longer: int = 0

    @property
    def anybody(self) -> bool:
        return any((self.more, self.less, self.newly, self.no_longer))


@dataclass(frozen=True, slots=True)
class StandingTouched:
    """How many of today's members are suspended, and due to lapse, by the old days and by the new ones."""

    suspended_before: int
    suspended: int
    due_before: int
    due: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Members of one day of joining, one birthday and the same marks, and how many they are."""

    joined_on: date
    birth_date: date | None
    groups: frozenset[str]
    number: int


def what_changes(old: RegulationDocument, new: RegulationDocument) -> tuple[Comparison, dict[str, Touched]]:
    """What the later version changes, and by benefit whom: today's members on the day on which it starts. One query."""
    comparison = compare(old, new)
    members = _members_on(new.effective_from) if comparison.benefits else []
    return comparison, {one.code: _touched(one, comparison, members) for one in comparison.benefits}


def _members_on(day: date) -> list[Alike]:
    running: QuerySet[Membership] = Membership.objects.filter(ended_on=None, member__merged_into=None)
    whose = Q(member=OuterRef("member")) | Q(member__merged_into=OuterRef("member"))
    holds = GroupFlag.objects.filter(Q(until=None) | Q(until__gte=day), whose, since__lte=day)
    marks = {f"is_{group}": Exists(holds.filter(group=group)) for group in GROUPS}
    rows = running.order_by().annotate(**marks).values_list("joined_on", "member__birth_date", *marks)
    return [
        Alike(joined, born, frozenset(group for group, holds in zip(GROUPS, held, strict=True) if holds), number)
        for joined, born, *held, number in rows.annotate(number=Count("pk"))
    ]


def _touched(one: BenefitChanges, comparison: Comparison, members: list[Alike]) -> Touched:
    counts = dict.fromkeys(("more", "less", "newly", "no_longer"), 0)
    for alike in members:
        before = _sum_for(alike, one.old, comparison.old.membership, comparison.new.effective_from)
        after = _sum_for(alike, one.new, comparison.new.membership, comparison.new.effective_from)
        if before != after:
            way = ("more" if before else "newly") if after > before else ("less" if after else "no_longer")
            counts[way] += alike.number
    return Touched(**counts)


def _sum_for(alike: Alike, benefit: BenefitTerms | None, terms: MembershipTerms, day: date) -> Decimal:
    """What one event would pay; 0 where the version has no such benefit, or gives it to another group."""
    if benefit is None or (benefit.requires.group and alike.groups.isdisjoint(benefit.requires.group)):
        return Decimal(0)
    facts = {"joined_on": alike.joined_on, "birth_date": alike.birth_date, "day": day}
    return sum_of_event(benefit, _waiting(terms, alike.joined_on, alike.birth_date), **facts)


def _waiting(terms: MembershipTerms, joined_on: date, birth_date: date | None) -> int:
    return terms.waiting_days_at_age(completed_years(birth_date, joined_on) if birth_date else None)


def standing_touched(old: RegulationDocument, new: RegulationDocument, today: date) -> StandingTouched | None:
    """Whom other days of suspension or lapse would touch, by what is paid today; None where the days are the same."""
    before, after = (
        StandingRules(one.membership.suspend_after_days, one.membership.lapse_after_days) for one in (old, new)
    )
    if before == after:
        return None
    paid = PaidHistory()
    running = Membership.objects.filter(ended_on=None, joined_on__lte=today, member__merged_into=None)
    through = [paid.through(one, today) for one in running.select_related("member")]

    def suspended(rules: StandingRules) -> int:
        return sum(standing_on(day, today, rules) == Standing.SUSPENDED for day in through)

    def due(rules: StandingRules) -> int:
        return sum(is_due_to_lapse(day, today, rules) for day in through)

    return StandingTouched(suspended(before), suspended(after), due(before), due(after))
