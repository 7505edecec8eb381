"""ใบประกาศเกียรติคุณ: certificates of thanks for those who gave, at an event or in a year.

They say no amounts and are no evidence for a tax deduction; a temple's ใบอนุโมทนา they are not, and do not look like it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from bansong_fund.lib.thai_text import normalise
from contributions.gifts import ANONYMOUS
from contributions.models import Campaign, Contributor, Gift, InKindGift, Sponsor
from contributions.queries import gifts_between, in_thai_order, year_bounds
from ledger.book_papers import in_both
from members.clock import today_of
from members.fund_head import fund_head
from members.models import Fund
from office.batches import batch
from office.jobs import JobRun, job_kind

CERTIFICATES = "certificates"
STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/certificate.css")
AT_ONCE = 10  # certificates; beyond this the worker draws
# Who wishes not to be named gets no certificate: there is no name to write.
NAMELESS = (ANONYMOUS, "ไม่ประสงค์ออกนาม")
# How many letters, those that take room in the line, fit it at which size; a longer name takes two lines.
NAME_SIZES = ((26, "large"), (36, "middle"), (50, "small"), (72, "smallest"))


@dataclass(frozen=True, slots=True)
class Certificate:
    """One page: for whom, for what, given on which day; `size` is the class of the name's letters."""

    name: str
    supported: Words
    place: str
    given_on: date

    @property
    def size(self) -> str:
        letters = letters_of(self.name)
        return next((size for most, size in NAME_SIZES if letters <= most), "two-lines")


def letters_of(text: str) -> int:
    """How many letters of a text take room in the line: vowels and tones above and below a letter take none."""
    return sum(category(letter) != "Mn" for letter in text)


def givers_at(campaign: Campaign) -> QuerySet[Contributor]:
    """Who gave at an event in money or in kind, or sponsored it; void receipts and the nameless left out."""
    gifts = Gift.objects.filter(contributor=OuterRef("pk"), campaign=campaign, receipt__void=None)
    in_kind = InKindGift.objects.filter(contributor=OuterRef("pk"), campaign=campaign)
    sponsors = Sponsor.objects.filter(contributor=OuterRef("pk"), campaign=campaign)
    return _named(Contributor.objects.filter(Exists(gifts) | Exists(in_kind) | Exists(sponsors)))


def givers_in(year_be: int) -> QuerySet[Contributor]:
    """Who gave in a calendar year, in money or in kind; void receipts and the nameless left out."""
    first, last = year_bounds(year_be)
    gifts = gifts_between(first, last).filter(contributor=OuterRef("pk"))
    in_kind = InKindGift.objects.filter(contributor=OuterRef("pk"), received_on__range=(first, last))
    return _named(Contributor.objects.filter(Exists(gifts) | Exists(in_kind)))


def _named(givers: QuerySet[Contributor]) -> QuerySet[Contributor]:
    return in_thai_order(givers.exclude(Q(name__in=NAMELESS)))


def event_certificate(campaign: Campaign, giver: Contributor, today: date) -> Certificate:
    """The certificate of an event, given on its day; before that day, on the day it is printed."""
    name = Words(campaign.name_th, campaign.name_en)
    return Certificate(normalise(giver.name), name, campaign.place, min(campaign.held_on, today))


def year_certificate(year_be: int, giver: Contributor, today: date) -> Certificate:
    """The certificate of a calendar year."""
    supported = in_both(lambda: _("the welfare fund in the year %(year)s") % {"year": year_be})
    return Certificate(normalise(giver.name), supported, "", today)


def certificates_pdf(certificates: Sequence[Certificate], fund: Fund, language: Language) -> bytes:
    """One PDF, a page of A4 across for each. Needs at least one."""
    papers = _drawn(certificates, fund, language)
    return render_papers(papers, title=title_in(language), language=language, stylesheets=STYLESHEETS)


def title_in(language: Language) -> str:
    return in_both(lambda: _("Certificate of thanks")).in_language("en" if language == "en" else "th")


def _drawn(certificates: Sequence[Certificate], fund: Fund, language: Language) -> Iterator[Drawn]:
    head, chair = fund_head(fund), Signature(in_both(lambda: _("Chair of the fund")))
    for certificate in certificates:
        context = {"certificate": certificate, "paper_title": title_in(language), "chair": chair}
        yield Drawn(draw_paper("pdf/certificate.html", context, head, language))


def certificates_of(wanted: dict[str, object], today: date) -> list[Certificate]:
    """The certificates that a job's parameters name: {"campaign": 7} or {"year": 2562}; in Thai order."""
    if wanted.get("campaign"):
        campaign = Campaign.objects.get(pk=wanted["campaign"])
        return [event_certificate(campaign, giver, today) for giver in givers_at(campaign)]
    year_be = int(str(wanted["year"]))
    return [year_certificate(year_be, giver, today) for giver in givers_in(year_be)]


@job_kind(CERTIFICATES, gettext_lazy("Certificates of thanks"))
def print_certificates(run: JobRun) -> None:
    """All certificates of an event or a year."""
    language, fund = run.parameters["paper_language"], Fund.objects.get()
    found = certificates_of(run.parameters, today_of(fund))
    batch(
        run,
        _drawn(found, fund, language),
        total=len(found),
        name=f"{file_name(run.parameters)}-{language}.pdf",
        title=title_in(language),
        language=language,
        stylesheets=STYLESHEETS,
    )


def file_name(wanted: dict[str, object]) -> str:
    which = f"event-{wanted['campaign']}" if wanted.get("campaign") else str(wanted["year"])
    return f"certificates-{which}"
