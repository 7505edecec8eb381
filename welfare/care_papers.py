"""The month's sheet of visits: who is to be visited, with room to write down by hand when and what was found."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Column, ListPaper, Text, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.phones import format_phone
from bansong_fund.lib.template_tags import thai_date
from bansong_fund.lib.thai_dates import format_month
from members.fund_head import fund_head
from members.models import Fund
from members.rolls import day_style
from welfare.models import CarePerson

Reason = CarePerson.Reason
STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/visits.css")
COLUMNS = (
    (_("No."), 1),
    (_("Name"), 4),
    (_("Why she is visited"), 3),
    (_("Where"), 3),
    (_("Last visit"), 2),
    (_("To be visited"), 2),
    (_("Visited on"), 2),
    (_("How she is, what she needs"), 6),
)


def month_end(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def render_visits(
    persons: Iterable[CarePerson], *, fund: Fund, first: date, place: Text, language: Language = "th"
) -> bytes:
    """The sheet of a month as PDF, A4 on its side; `persons` as `listed_persons` gives them."""
    columns = tuple(Column(_words(heading), share) for heading, share in COLUMNS)
    month = _words(_("Home visits of %(month)s"))
    paper = ListPaper(
        fund=fund_head(fund),
        title=Words(
            month.th % {"month": format_month(first, language="th")},
            month.en % {"month": format_month(first, language="en")},
        ),
        subtitle=place,
        columns=columns,
        rows=tuple(_row(number, person, day_style(language)) for number, person in enumerate(persons, start=1)),
        note=_words(_("How she is and what she needs, never a diagnosis. Shred this sheet when it is written down.")),
        landscape=True,
    )
    title = paper.title.in_language("en" if language == "en" else "th")
    html = draw_paper("pdf/visits.html", {"paper": paper, "paper_title": title}, paper.fund, language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def _row(number: int, person: CarePerson, style: str) -> tuple[object, ...]:
    days = (person.last_visit, person.next_on)
    shown = (thai_date(day, style) if day else "–" for day in days)
    return (number, person.full_name, _words(Reason(person.reason).label), where(person), *shown, "", "")


def _words(text: Promise) -> Words:
    said = []
    for language in ("th", "en"):
        with translation.override(language):
            said.append(str(text))
    return Words(*said)


def where(person: CarePerson) -> str:
    """Where somebody is found: house and phone, by the register for a member."""
    member = person.member_now
    if member is None:
        place, phone = person.address, person.phone
    else:
        house = member.household
        place, phone = member.address or (str(house) if house else ""), member.phone
    return " · ".join(part for part in (place, format_phone(phone) if phone else "") if part)
