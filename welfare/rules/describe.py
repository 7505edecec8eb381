"""A benefit of the regulation in plain sentences that a member can read, Thai or English."""

from collections.abc import Iterator

from welfare.rules.document import BenefitTerms, MembershipTerms, Span, Step
from welfare.rules.sentences import baht_text
from welfare.rules.words import counted, label, labels

_YEARS = {
    "fund": ("ต่อปีบัญชีของกองทุน", "in a year of the fund"),
    "calendar": ("ต่อปีปฏิทิน", "in a calendar year"),
    "membership": ("ต่อปีสมาชิก", "in a year of membership"),
}


def describe(benefit: BenefitTerms, membership: MembershipTerms, language: str) -> list[str]:
    """What it pays, within which limits, to whom, until when, and with which papers: one sentence each."""
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


def _pays(benefit: BenefitTerms, language: str) -> Iterator[str]:
    pays = benefit.pays
    if pays.flat is not None:
        yield _say(language, f"จ่ายครั้งละ {baht_text(pays.flat)} บาท", f"Pays {baht_text(pays.flat)} baht.")
    if pays.per is not None:
        sum_due, unit = baht_text(pays.per.baht), label("unit", pays.per.unit, language)
        yield _say(language, f"จ่าย {sum_due} บาทต่อ{unit}", f"Pays {sum_due} baht for each {unit}.")
    for step in pays.by_tenure or ():
        yield _step(step, language, "เป็นสมาชิกครบ", "A membership of")
    for step in pays.by_age or ():
        yield _step(step, language, "อายุครบ", "An age of")
    for grade, sum_graded in sorted((pays.by_grade or {}).items(), key=lambda graded: graded[1]):
        name, told = label("grade", grade, language), baht_text(sum_graded)
        yield _say(language, f"{name} ได้ {told} บาท", f"{name[0].upper()}{name[1:]}: {told} baht.")
    if pays.up_to is not None:
        told = baht_text(pays.up_to)
        yield _say(
            language, f"คณะกรรมการกำหนดจำนวนเงิน ไม่เกิน {told} บาท", f"The committee sets the sum, up to {told} baht."
        )
    if pays.percent_of_loss is not None:
        yield _percent(benefit, language)


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


def _limits(benefit: BenefitTerms, language: str) -> Iterator[str]:
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
        (limits.units_per_event, benefit.unit, event),
        (limits.baht_per_event, "baht", event),
        (limits.units_per_year, benefit.unit, each),
        (limits.baht_per_year, "baht", each),
        (limits.claims_per_year, "claim", each),
        (limits.claims_per_lifetime, "claim", life),
        (limits.quota_per_community, "claim", place),
        (limits.fund_baht_per_year, "baht", fund),
    )
    for most, what, where in caps:
        if most is not None:
            told = (
                _say(language, f"{baht_text(most)} บาท", f"{baht_text(most)} baht")
                if what == "baht"
                else (counted(int(most), what, language))
            )
            yield _say(language, f"ไม่เกิน {told} {where}", f"At most {told} {where}.")


def _requires(benefit: BenefitTerms, membership: MembershipTerms, language: str) -> Iterator[str]:
    requires = benefit.requires
    days = requires.waiting_days if requires.waiting_days is not None else membership.waiting_days
    wait = counted(days, "days", language)
    if days:
        yield _say(language, f"เป็นสมาชิกมาแล้วอย่างน้อย {wait}", f"After {wait} of membership.")
    else:
        yield _say(language, "ไม่มีระยะเวลารอสิทธิ", "Without a waiting period.")
    ages = (
        (requires.min_age, "อายุตั้งแต่ {} ขึ้นไป", "Aged {} or more."),
        (requires.max_age, "อายุไม่เกิน {}", "Aged at most {}."),
        (requires.subject_min_age, "เด็กอายุตั้งแต่ {} ขึ้นไป", "For a child aged {} or more."),
        (requires.subject_max_age, "เด็กอายุไม่เกิน {}", "For a child aged at most {}."),
    )
    for age, thai, english in ages:
        if age is not None:
            yield _say(language, thai, english).format(counted(age, "years", language))
    if requires.group:
        groups = labels("group", requires.group, language)
        yield _say(language, f"สำหรับ{groups}", f"For {groups}.")


def _claiming(benefit: BenefitTerms, language: str) -> Iterator[str]:
    if benefit.once_per == "child":
        yield _say(language, "เด็กแต่ละคนได้ครั้งเดียว", "Once for each child.")
    if benefit.once_per == "household":
        yield _say(language, "เหตุหนึ่งครั้งได้ครัวเรือนละหนึ่งครั้ง", "Once for each household and event.")
    if benefit.claim_within_days is not None:
        days = counted(benefit.claim_within_days, "days", language)
        yield _say(
            language, f"ยื่นเอกสารภายใน {days}หลังเหตุสิ้นสุด", f"Papers are due within {days} of the end of the event."
        )
    for papers in benefit.evidence:
        names = labels("paper", papers, language)
        yield _say(language, f"เอกสาร: {names}", f"Papers: {names}.")
    if benefit.excludes:
        names = labels("exclusion", benefit.excludes, language)
        yield _say(language, f"ไม่จ่ายกรณี{names}", f"Not in a case of {names}.")
