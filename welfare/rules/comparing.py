"""Two versions of a regulation held against each other: rule by rule, what is new, gone, or another."""

from collections.abc import Sequence
from dataclasses import dataclass

from welfare.rules.describe import Rule, rules_of
from welfare.rules.describe_membership import membership_rules
from welfare.rules.document import BenefitTerms, Name, RegulationDocument
from welfare.rules.words import label


@dataclass(frozen=True, slots=True)
class Change:
    """One rule: new (`old` is None), gone (`new` is None), or changed from one to the other."""

    old: Rule | None
    new: Rule | None


@dataclass(frozen=True, slots=True)
class BenefitChanges:
    """What changes of one benefit; a benefit that is new or gone has `old` or `new` None and all its rules."""

    code: str
    old: BenefitTerms | None
    new: BenefitTerms | None
    changes: tuple[Change, ...]

    @property
    def name(self) -> Name:
        """The name that it bears last."""
        terms = self.new or self.old
        if terms is None:
            raise ValueError("a benefit stands in one of the two versions")
        return terms.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changes from one version to a later one. `names` are the names of the regulation itself."""

    old: RegulationDocument
    new: RegulationDocument
    names: tuple[Change, ...]
    membership: tuple[Change, ...]
    benefits: tuple[BenefitChanges, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no rule changes: another name or reference is no rule."""
        return not self.membership and not self.benefits


def compare(old: RegulationDocument, new: RegulationDocument) -> Comparison:
    """What the later version changes; a benefit is the same where its code is."""
    return Comparison(
        old,
        new,
        names=changes_of([_named("name", old.name)], [_named("name", new.name)]),
        membership=changes_of(membership_rules(old.membership), membership_rules(new.membership)),
        benefits=tuple(found for code in _codes(old, new) if (found := _benefit(code, old, new)) is not None),
    )


def changes_of(old: Sequence[Rule], new: Sequence[Rule]) -> tuple[Change, ...]:
    """The rules that are not the same in both: in the order of the new ones, those that are gone behind."""
    before = {rule.about: rule for rule in old}
    now = {rule.about for rule in new}
    changed = [Change(before.get(rule.about), rule) for rule in new if before.get(rule.about) != rule]
    return (*changed, *(Change(rule, None) for rule in old if rule.about not in now))


def _codes(old: RegulationDocument, new: RegulationDocument) -> list[str]:
    return [*new.codes, *(code for code in old.codes if not new.offers(code))]


def _benefit(code: str, old: RegulationDocument, new: RegulationDocument) -> BenefitChanges | None:
    before = old.benefit(code) if old.offers(code) else None
    after = new.benefit(code) if new.offers(code) else None
    changes = changes_of(_rules(before, old), _rules(after, new))
    return BenefitChanges(code, before, after, changes) if changes else None


def _rules(benefit: BenefitTerms | None, regulation: RegulationDocument) -> list[Rule]:
    if benefit is None:
        return []
    thai, english = (label("category", benefit.category, language) for language in ("th", "en"))
    category = Rule("category", f"หมวดสวัสดิการ: {thai}", f"Kind of welfare: {english}.")
    return [_named("name", benefit.name), category, *rules_of(benefit, regulation)]


def _named(about: str, name: Name) -> Rule:
    return Rule(about, f"ชื่อ {name.th} ({name.en})", f"Name: {name.en} ({name.th})")
