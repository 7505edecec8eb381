"""A benefit of the regulation in plain sentences that a member can read, Thai or English."""

from collections.abc import Iterator
from dataclasses import dataclass

from welfare.rules.document import BenefitTerms, MembershipTerms, RegulationDocument, Span, Step
from welfare.rules.sentences import baht_text
from welfare.rules.words import counted, label, labels

_YEARS = {
    "fund": ("ต่อปีบัญชีของกองทุน", "in a year of the fund"),
    "calendar": ("ต่อปีปฏิทิน", "in a calendar year"),
    "membership": ("ต่อปีสมาชิก", "in a year of membership"),
}


# What a sentence is about, the same in every version, and the sentence in one language.
Keyed = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in both languages. `about` names what it rules, so that two versions can be held together."""

    about: str
    th: str
    en: str

    def in_language(self, language: str) -> str:
        """The Thai sentence for "th", else the English one."""
        return self.th if language == "th" else self.en


def describe(benefit: BenefitTerms, membership: MembershipTerms, language: str) -> list[str]:
    """What it pays, within which limits, to whom, until when, and with which papers: one sentence each."""
    return [sentence for _about, sentence in _described(benefit, membership, language)]


def rules_of(benefit: BenefitTerms, regulation: RegulationDocument) -> list[Rule]:
    """All that the regulation says of a benefit, as `describe` and beyond: to whom, shared limits, lists, CODI."""

    def said(language: str) -> list[Keyed]:
        described = _described(benefit, regulation.membership, language)
        return [*described, *_shared(benefit, regulation, language), *_around(benefit, language)]

    return in_both(said("th"), said("en"))


def in_both(thai: list[Keyed], english: list[Keyed]) -> list[Rule]:
    """The same sentences, said twice, as rules."""
    return [Rule(about, th, en) for (about, th), (_about, en) in zip(thai, english, strict=True)]


def _described(benefit: BenefitTerms, membership: MembershipTerms, language: str) -> list[Keyed]:
    return [
        *_pays(benefit, language),
        *_limits(benefit, language),
        *_requires(benefit, membership, language),
        *_claiming(benefit, language),
    ]


def _say(language: str, thai: str, english: str) -> str:
    return thai if language == "th" else english


def _span(span: Span, language: str) -> str:
    if span.years is not None:
        return counted(span.years, "years", language)
    return counted(span.days or 0, "days", language)


def _pays(benefit: BenefitTerms, language: str) -> Iterator[Keyed]:
    pays = benefit.pays
    if pays.flat is not None:
        yield "pays", _say(language, f"จ่ายครั้งละ {baht_text(pays.flat)} บาท", f"Pays {baht_text(pays.flat)} baht.")
    if pays.per is not None:
        sum_due, unit = baht_text(pays.per.baht), label("unit", pays.per.unit, language)
        yield "pays", _say(language, f"จ่าย {sum_due} บาทต่อ{unit}", f"Pays {sum_due} baht for each {unit}.")
    for step in pays.by_tenure or ():
        yield _about_step("tenure", step), _step(step, language, "เป็นสมาชิกครบ", "A membership of")
    for step in pays.by_age or ():
        yield _about_step("age", step), _step(step, language, "อายุครบ", "An age of")
    for grade, sum_graded in sorted((pays.by_grade or {}).items(), key=lambda graded: graded[1]):
        name, told = label("grade", grade, language), baht_text(sum_graded)
        yield f"grade {grade}", _say(language, f"{name} ได้ {told} บาท", f"{name[0].upper()}{name[1:]}: {told} baht.")
    if pays.up_to is not None:
        told = baht_text(pays.up_to)
        thai, english = f"คณะกรรมการกำหนดจำนวนเงิน ไม่เกิน {told} บาท", f"The committee sets the sum, up to {told} baht."
        yield "pays", _say(language, thai, english)
    if pays.percent_of_loss is not None:
        yield "pays", _percent(benefit, language)


def _about_step(scale: str, step: Step) -> str:
    return f"{scale} {_span(step.since, 'en')}"


def _step(step: Step, language: str, thai: str, english: str) -> str:
    span, sum_due = _span(step.since, language), baht_text(step.baht)
    return _say(language, f"{thai} {span}ขึ้นไป ได้ {sum_due} บาท", f"{english} {span} or more: {sum_due} baht.")


def _percent(benefit: BenefitTerms, language: str) -> str:
    terms = benefit.pays.percent_of_loss
    if terms is None:
        raise ValueError("the benefit does not pay by the loss")
    percent = baht_text(terms.percent)
    if terms.up_to is None:
        return _say(language, f"จ่ายร้อยละ {percent} ของความเสียหาย", f"Pays {percent} % of the loss.")
    most = baht_text(terms.up_to)
    return _say(
        language,
        f"จ่ายร้อยละ {percent} ของความเสียหาย ไม่เกิน {most} บาท",
        f"Pays {percent} % of the loss, up to {most} baht.",
    )


def _limits(benefit: BenefitTerms, language: str) -> Iterator[Keyed]:
    limits = benefit.limits
    thai = language == "th"
    year = _YEARS[limits.year][0 if thai else 1]
    per = label("counted_per", limits.counted_per, language)
    each = f"{year} ต่อ{per}" if thai else f"{year} per {per}"
    life = f"ตลอดชีพ ต่อ{per}" if thai else f"in a lifetime per {per}"
    place = f"{year} ต่อชุมชน" if thai else f"{year} per community"
    fund = f"{year} ทั้งกองทุน" if thai else f"{year} for the whole fund"
    event = "ต่อครั้ง" if thai else "for one event"
    caps = (
        ("units_per_event", benefit.unit, event),
        ("baht_per_event", "baht", event),
        ("units_per_year", benefit.unit, each),
        ("baht_per_year", "baht", each),
        ("claims_per_year", "claim", each),
        ("claims_per_lifetime", "claim", life),
        ("quota_per_community", "claim", place),
        ("fund_baht_per_year", "baht", fund),
    )
    for cap, what, where in caps:
        most = getattr(limits, cap)
        if most is not None:
            told = (
                _say(language, f"{baht_text(most)} บาท", f"{baht_text(most)} baht")
                if what == "baht"
                else (counted(int(most), what, language))
            )
            yield cap, _say(language, f"ไม่เกิน {told} {where}", f"At most {told} {where}.")


def _requires(benefit: BenefitTerms, membership: MembershipTerms, language: str) -> Iterator[Keyed]:
    requires = benefit.requires
    days = requires.waiting_days if requires.waiting_days is not None else membership.waiting_days
    wait = counted(days, "days", language)
    if days:
        yield "waiting", _say(language, f"เป็นสมาชิกมาแล้วอย่างน้อย {wait}", f"After {wait} of membership.")
    else:
        yield "waiting", _say(language, "ไม่มีระยะเวลารอสิทธิ", "Without a waiting period.")
    ages = (
        ("min_age", "อายุตั้งแต่ {} ขึ้นไป", "Aged {} or more."),
        ("max_age", "อายุไม่เกิน {}", "Aged at most {}."),
        ("subject_min_age", "เด็กอายุตั้งแต่ {} ขึ้นไป", "For a child aged {} or more."),
        ("subject_max_age", "เด็กอายุไม่เกิน {}", "For a child aged at most {}."),
    )
    for bound, thai, english in ages:
        age = getattr(requires, bound)
        if age is not None:
            yield bound, _say(language, thai, english).format(counted(age, "years", language))
    if requires.group:
        groups = labels("group", requires.group, language)
        yield "group", _say(language, f"สำหรับ{groups}", f"For {groups}.")


def _claiming(benefit: BenefitTerms, language: str) -> Iterator[Keyed]:
    if benefit.once_per == "child":
        yield "once_per", _say(language, "เด็กแต่ละคนได้ครั้งเดียว", "Once for each child.")
    if benefit.once_per == "household":
        yield "once_per", _say(language, "เหตุหนึ่งครั้งได้ครัวเรือนละหนึ่งครั้ง", "Once for each household and event.")
    if benefit.claim_within_days is not None:
        days = counted(benefit.claim_within_days, "days", language)
        thai, english = f"ยื่นเอกสารภายใน {days}หลังเหตุสิ้นสุด", f"Papers are due within {days} of the end of the event."
        yield "claim_within_days", _say(language, thai, english)
    for papers in benefit.evidence:
        names = labels("paper", papers, language)
        yield f"paper {papers}", _say(language, f"เอกสาร: {names}", f"Papers: {names}.")
    if benefit.excludes:
        names = labels("exclusion", benefit.excludes, language)
        yield "excludes", _say(language, f"ไม่จ่ายกรณี{names}", f"Not in a case of {names}.")


def _shared(benefit: BenefitTerms, regulation: RegulationDocument, language: str) -> Iterator[Keyed]:
    """Sharing works both ways, so the benefit that is named says it as well."""
    drawing = [other for other in regulation.benefits if benefit.code in other.limits.shared_with]
    if benefit.limits.shared_with:
        names = _names([regulation.benefit(code) for code in benefit.limits.shared_with], language)
        thai = f"วงเงินต่อปีและตลอดชีพใช้ร่วมกับ{names}"
        yield "shared_with", _say(language, thai, f"Its yearly and lifetime limits are shared with: {names}.")
    if drawing:
        names = _names(drawing, language)
        thai = f"นับรวมในวงเงินของ{names}ด้วย"
        yield "shared_by", _say(language, thai, f"Counts against the limits of: {names}.")


def _names(benefits: list[BenefitTerms], language: str) -> str:
    return ", ".join(benefit.name.in_language(language) for benefit in benefits)


_RECIPIENTS = {
    "member": ("จ่ายให้สมาชิก", "Paid to the member."),
    "beneficiary": (
        "จ่ายให้ผู้รับผลประโยชน์ที่สมาชิกระบุไว้ ถ้าไม่ได้ระบุ คณะกรรมการพิจารณาจากทายาท",
        "Paid to the beneficiary whom the member named; without one, the committee decides among the next of kin.",
    ),
    "guardian": ("จ่ายให้ผู้ปกครอง", "Paid to the guardian."),
}


def _around(benefit: BenefitTerms, language: str) -> Iterator[Keyed]:
    yield "recipient", _say(language, *_RECIPIENTS[benefit.recipient])
    if benefit.subject == "child":
        thai = "เป็นเรื่องของบุตรหลานที่ระบุชื่อ ซึ่งไม่ต้องเป็นสมาชิก"
        yield "subject", _say(language, thai, "For a named child of the member, who need not be a member.")
    if benefit.requires.paid_up:
        thai = "วันเกิดเหตุต้องไม่ถูกระงับสิทธิและไม่พ้นสภาพ ค้างจ่ายยังไม่ถึงกำหนดระงับก็ยังมีสิทธิ"
        english = "On the day of the event rights are neither suspended nor lapsed; arrears before that do no harm."
        yield "paid_up", _say(language, thai, english)
    else:
        yield "paid_up", _say(language, "ได้แม้ถูกระงับสิทธิอยู่", "Also while rights are suspended.")
    if benefit.by_list:
        thai = "จ่ายเป็นบัญชีรายชื่อของชุมชนได้ ไม่ต้องยื่นทีละคน"
        yield "by_list", _say(language, thai, "Also paid by a list of the community; nobody need claim it alone.")
    codi = label("codi", benefit.codi, language)
    yield "codi", _say(language, f"ในแบบรายงานของ พอช. อยู่ในหมวด{codi}", f"On CODI's forms it counts as: {codi}.")
