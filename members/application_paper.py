"""The fund's application form (ใบสมัครสมาชิก) on paper: filled in from an application, or blank to write on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from bansong_fund.lib.births import format_birth
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import FundHead, Signature, Text, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.phones import format_phone
from bansong_fund.lib.thai_dates import age_on, format_date
from members.accepting import beneficiaries_of
from members.application_queries import dues_price
from members.applications import MAJORITY, MOST_BENEFICIARIES, certifiers_needed
from members.fund_head import fund_head
from members.models import (
    Application,
    ApplicationState,
    Community,
    Consent,
    Fund,
    MaritalStatus,
    PayInterval,
    Relation,
    Sex,
)

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/application.css")


@dataclass(frozen=True, slots=True)
class Field:
    """A label and, on the dotted line behind it, what was written. `share`: its part of the line, 1 to 6."""

    label: Text
    value: Text = ""
    share: int = 1


@dataclass(frozen=True, slots=True)
class Ticks:
    """A question and its boxes: each with its words, and whether it is ticked."""

    label: Text
    boxes: tuple[tuple[Text, bool], ...]


@dataclass(frozen=True, slots=True)
class ApplicationPaper:
    """What stands on the form; everything that is not known is "" and leaves a dotted line."""

    fund: FundHead
    number: str
    member_number: str
    head: tuple[Field, ...]
    person: tuple[tuple[Field, ...], ...]
    sex: Ticks
    marital: Ticks
    statement: Text
    pay_every: Ticks
    beneficiaries: tuple[tuple[str, Text, str], ...]
    guardian: tuple[Field, ...]
    majority: int
    personal_data: Ticks
    dues: tuple[Field, ...]
    signatures: tuple[tuple[Signature, ...], ...]
    resolution: tuple[Field, ...]
    accepted: bool
    refused: bool
    verdict: tuple[tuple[Field, ...], tuple[Field, ...]]
    chair: Signature


def render_application(paper: ApplicationPaper, language: Language = "th") -> bytes:
    """Return the PDF of the form."""
    with override("en" if language == "en" else "th"):
        title = f"{_('Application to membership')} {paper.number}".strip()
    html = draw_paper("pdf/application.html", {"paper": paper, "paper_title": title}, paper.fund, language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def application_paper(application: Application, fund: Fund) -> ApplicationPaper:
    """The form filled in; the ID is masked. Reads the certifiers. Raises `NoRuleInForce`."""
    certifiers = [one.user.display_name for one in application.certifications.select_related("user").order_by("id")]
    accepted = application.state == ApplicationState.ACCEPTED
    return ApplicationPaper(
        fund=fund_head(fund),
        number=application.label,
        member_number=str(application.member.number) if application.member else "",
        head=_head(application.applied_on),
        person=_person(_written(application), fund),
        sex=_ticks(lambda: _("Sex"), Sex, application.sex),
        marital=_ticks(lambda: _("Marital status"), MaritalStatus, application.marital_status),
        statement=_statement(fund, application.applied_on),
        pay_every=_ticks(lambda: _("I want to pay"), PayInterval, application.pay_every),
        beneficiaries=_beneficiaries(application),
        guardian=_guardian(application.guardian_name, application.guardian_relation, application.guardian_phone),
        majority=MAJORITY,
        personal_data=_personal_data(application.consents),
        dues=_dues(application),
        signatures=_signatures(application.full_name, application.guardian_name, certifiers, fund.controls),
        resolution=_resolution(application),
        accepted=accepted,
        refused=application.state == ApplicationState.REFUSED,
        verdict=_verdict(application),
        chair=Signature(_said(lambda: _("Chair"))),
    )


def blank_paper(fund: Fund, today: date, community: Community | None = None) -> ApplicationPaper:
    """The form to fill in by hand, with the rules of `today`; for a community its name. Raises `NoRuleInForce`."""
    place = Words(community.name_th, community.name_en) if community else ""
    return ApplicationPaper(
        fund=fund_head(fund),
        number="",
        member_number="",
        head=_head(None),
        person=_person({"community": place}, fund),
        sex=_ticks(lambda: _("Sex"), Sex, ""),
        marital=_ticks(lambda: _("Marital status"), MaritalStatus, ""),
        statement=_statement(fund, today),
        pay_every=_ticks(lambda: _("I want to pay"), PayInterval, ""),
        beneficiaries=(("", "", ""),) * MOST_BENEFICIARIES,
        guardian=_guardian("", "", ""),
        majority=MAJORITY,
        personal_data=_personal_data(()),
        dues=_dues(None),
        signatures=_signatures("", "", [], fund.controls),
        resolution=_resolution(None),
        accepted=False,
        refused=False,
        verdict=_verdict(None),
        chair=Signature(_said(lambda: _("Chair"))),
    )


# --- the parts of the form ------------------------------------------------------------------------------------


def _head(applied_on: date | None) -> tuple[Field, ...]:
    return (
        Field(_said(lambda: _("Written at")), "", 2),
        Field(_said(lambda: _("Date")), _day(applied_on), 1),
    )


def _written(application: Application) -> dict[str, Text]:
    """The person's facts as words."""
    born, precision = application.birth_date, application.birth_precision
    names = ("nickname", "nationality", "occupation", "house_number", "moo", "lane", "road", "address")
    community = application.community
    return {
        **{name: getattr(application, name) for name in names},
        "name": application.full_name,
        "national_id": application.masked_id or _said(lambda: str(application.get_id_kind_display())),
        "birth_date": _by_language(lambda language: format_birth(born, precision, language=language)),
        "age": str(age_on(born, application.applied_on)),
        "phone": format_phone(application.phone) if application.phone else "",
        "community": Words(community.name_th, community.name_en),
        "former": str(application.former_member.number) if application.former_member else "",
    }


def _person(written: dict[str, Text], fund: Fund) -> tuple[tuple[Field, ...], ...]:
    def field(name: str, say: Callable[[], str], share: int = 1) -> Field:
        return Field(_said(say), written.get(name, ""), share)

    return (
        (field("name", lambda: _("Title, first and family name"), 4), field("nickname", lambda: _("Nickname"), 2)),
        (
            field("national_id", lambda: _("National ID number"), 4),
            field("nationality", lambda: _("Nationality"), 2),
        ),
        (
            field("birth_date", lambda: _("Date of birth"), 3),
            field("age", lambda: _("Age (years)"), 1),
        ),
        (
            field("occupation", lambda: _("Occupation"), 3),
            field("phone", lambda: _("Phone"), 3),
        ),
        (
            field("house_number", lambda: _("House no."), 2),
            field("moo", lambda: _("Village no. (Moo)"), 2),
            field("lane", lambda: _("Lane (Soi)"), 2),
            field("road", lambda: _("Road"), 2),
        ),
        (
            field("community", lambda: _("Community"), 3),
            Field(_said(lambda: _("District, province")), Words(fund.area_th, fund.area_en), 4),
        ),
        (
            field("address", lambda: _("Living address, if another"), 4),
            field("former", lambda: _("Former member no."), 3),
        ),
    )


def _statement(fund: Fund, day: date) -> Words:
    price = dues_price(day)
    names = {"th": fund.name_th, "en": fund.name_en or fund.name_th}

    def say(language: str) -> str:
        message = _(
            "I ask to become a member of %(fund)s. I know its regulation and keep to it. I pay contributions of"
            " %(price)s. They are given to the fund for mutual help; they are no savings, and they are not paid back,"
            " also when I leave."
        )
        return message % {"fund": names[language], "price": price.sentence}

    return _by_language(say)


def _beneficiaries(application: Application) -> tuple[tuple[str, Text, str], ...]:
    rows: list[tuple[str, Text, str]] = [
        (one.name, _label(Relation(one.relation)), f"{one.share_percent} %") for one in beneficiaries_of(application)
    ]
    return (*rows, *[("", "", "")] * (MOST_BENEFICIARIES - len(rows)))


def _guardian(name: str, relation: str, phone: str) -> tuple[Field, ...]:
    return (
        Field(_said(lambda: _("Name")), name, 4),
        Field(_said(lambda: _("Relation")), _label(Relation(relation)) if relation else "", 2),
        Field(_said(lambda: _("Phone")), format_phone(phone) if phone else "", 2),
    )


def _personal_data(given: Sequence[str]) -> Ticks:
    boxes = (
        (Consent.Kind.NOTICE, lambda: _("I was given the privacy notice and had it explained.")),
        (Consent.Kind.HEALTH, lambda: _("The fund may keep papers on health and disability that I hand in.")),
        (Consent.Kind.NAME, lambda: _("The fund may show my name in public.")),
        (Consent.Kind.PHOTO, lambda: _("The fund may show photographs of me.")),
    )
    return Ticks("", tuple((_said(say), kind in given) for kind, say in boxes))


def _dues(application: Application | None) -> tuple[Field, ...]:
    baht = application.first_dues_baht if application else None
    day = application.first_dues_on if application else None
    return (
        Field(_said(lambda: _("First dues, baht")), format_baht(baht) if baht is not None else "", 4),
        Field(_said(lambda: _("taken on")), _day(day), 4),
        Field(_said(lambda: _("received by")), "", 3),
    )


def _signatures(
    applicant: str, guardian: str, certifiers: Sequence[str], level: str
) -> tuple[tuple[Signature, ...], ...]:
    """Applicant and guardian, then the certifiers; one certifier stands beside the two."""
    own = (
        Signature(_said(lambda: _("Applicant")), applicant),
        Signature(_said(lambda: _("Legal guardian of a minor")), guardian),
    )
    places = max(certifiers_needed(level), len(certifiers))
    names = (*certifiers, *[""] * (places - len(certifiers)))
    role = _said(lambda: _("Certifier, of the community"))
    certifying = tuple(Signature(role, name) for name in names)
    return (own + certifying,) if places == 1 else (own, certifying)


def _resolution(application: Application | None) -> tuple[Field, ...]:
    meeting = application.resolution.meeting if application and application.resolution else None
    held_on = _day(meeting.held_on if meeting else None)
    return (
        Field(_said(lambda: _("Meeting no.")), meeting.label if meeting else "", 2),
        Field(_said(lambda: pgettext("the day of a meeting", "held on")), held_on, 3),
        Field(_said(lambda: _("Resolution no.")), str(application.resolution.number) if meeting else "", 2),
    )


def _verdict(application: Application | None) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Behind the two boxes: as which member from when; or why not."""
    member = application.member if application else None
    membership = application.resolution.memberships.filter(member=member).first() if member else None
    refused = application is not None and application.state == ApplicationState.REFUSED
    accepted = (
        Field(_said(lambda: _("Member no.")), str(member.number) if member else "", 1),
        Field(_said(lambda: pgettext("a membership", "from")), _day(membership.joined_on if membership else None), 1),
    )
    return accepted, (Field(_said(lambda: _("because")), application.decision_reason if refused else "", 1),)


# --- words in both languages ----------------------------------------------------------------------------------


def _by_language(say: Callable[[str], str]) -> Words:
    said = {}
    for language in ("th", "en"):
        with override(language):
            said[language] = say(language)
    return Words(said["th"], said["en"])


def _said(say: Callable[[], str]) -> Words:
    return _by_language(lambda _language: say())


def _label(choice: Any) -> Words:
    return _said(lambda: str(choice.label))


def _ticks(say: Callable[[], str], choices: Any, chosen: str) -> Ticks:
    return Ticks(_said(say), tuple((_label(choice), choice.value == chosen) for choice in choices))


def _day(day: date | None) -> Text:
    return _by_language(lambda language: format_date(day, language=language)) if day else ""
