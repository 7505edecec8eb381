"""Payment requests (ใบแจ้งชำระเงินสมทบ): what is owed for which periods, by when, how to pay. No bill; no ID on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.paper_parts import Drawn, render_papers
from bansong_fund.lib.papers import Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language
from bansong_fund.lib.promptpay import MOST, fund_target, promptpay_qr
from bansong_fund.lib.thai_dates import format_date
from contributions.periods import span_words
from contributions.queries import Arrears, OwedLine, arrears_of, running_memberships
from ledger.papers import fund_head
from members.clock import today_of
from members.models import Community, EndReason, Fund, Household, Leadership, Membership
from members.queries import visible_communities
from office.batches import batch
from office.jobs import JobRun, job_kind

PAYMENT_REQUESTS = "payment-requests"
AT_ONCE = 10  # requests; more take seconds, and are the worker's
ON_SHARED_PAGES = 20
STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/payment_requests.css")


class NothingToAsk(DomainError):
    """The member is asked for nothing: dead, no member any more, paid up, or the money is with the leader."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One request: of a member, or of all who owe in a house, who may be paid for together.

    `house`: the house that is asked as a whole, None where one member is. `leaders`: who collects there.
    """

    asked: tuple[Arrears, ...]
    leaders: str
    house: Household | None = None

    @property
    def total(self) -> Decimal:
        return sum((one.total for one in self.asked), ZERO)

    @property
    def community(self) -> Community:
        return self.asked[0].member.community


# --- who is asked -------------------------------------------------------------------------------------------


def request_for(membership: Membership, today: date) -> PaymentRequest:
    """The request of one member, her community and house read with her.

    Raises `NothingToAsk` with what is so, `NoRuleInForce`.
    """
    _refuse_the_gone(membership)
    found = arrears_of([membership], today).get(membership.pk)
    if found is None:
        message = _("%(name)s owes nothing: the contributions are paid through %(day)s.")
        raise NothingToAsk(message % _facts(membership, membership.paid_through))
    if not found.total:
        message = _("%(name)s has paid the leader %(baht)s baht, which are on a sheet that is not handed in yet.")
        raise NothingToAsk(message % {"name": membership.member.full_name, "baht": format_baht(found.taken)})
    return PaymentRequest((found,), leader_names({membership.member.community_id}).get(found.member.community_id, ""))


def _refuse_the_gone(membership: Membership) -> None:
    if membership.member.died_on is not None or membership.end_reason == EndReason.DIED:
        message = _("%(name)s died on %(day)s. Nobody is asked for contributions.")
        raise NothingToAsk(message % _facts(membership, membership.member.died_on or membership.ended_on))
    if membership.ended_on is not None:
        message = _("The membership of %(name)s ended on %(day)s. Nothing is asked after that.")
        raise NothingToAsk(message % _facts(membership, membership.ended_on))


def _facts(membership: Membership, day: date) -> dict[str, str]:
    return {"name": membership.member.full_name, "day": format_date(day)}


def request_for_house(household: Household, memberships: Iterable[Membership], today: date) -> PaymentRequest:
    """One request of a house: all of these running memberships that owe, and their sum. Raises `NothingToAsk`."""
    asked = tuple(one for one in arrears_of(memberships, today).values() if one.total)
    if not asked:
        raise NothingToAsk(_("Nobody in this house owes anything."))
    leaders = leader_names({household.community_id}).get(household.community_id, "")
    return PaymentRequest(asked, leaders, house=household)


def requests_in(community: Community, today: date) -> list[PaymentRequest]:
    """A request of each member of a community who owes, in the order of their names."""
    memberships = running_memberships(community).select_related("member__community")
    leaders = leader_names({community.pk}).get(community.pk, "")
    return [PaymentRequest((one,), leaders) for one in arrears_of(memberships, today).values() if one.total]


def leader_names(communities: Iterable[int]) -> dict[int, str]:
    """The names of those who lead these communities now, by the community's key."""
    found: dict[int, list[str]] = {}
    for one in Leadership.objects.filter(community__in=communities, until=None).select_related("user").order_by("pk"):
        found.setdefault(one.community_id, []).append(one.user.display_name)
    return {key: ", ".join(names) for key, names in found.items()}


# --- what a request says ------------------------------------------------------------------------------------


def code_for(asked: PaymentRequest, fund: Fund) -> SafeString:
    """The PromptPay code of its sum; "" where the fund has no number of its own."""
    target = fund_target(fund.promptpay_id, fund.tax_id)
    return promptpay_qr(target, asked.total) if target and 0 < asked.total <= MOST else SafeString("")


def line_words(line: OwedLine) -> Words:
    """Which periods a line is for: "2563", or "1 ม.ค. – 31 ธ.ค. 2563"; several at one price with their number."""
    spans = {code: span_words(line.covers_from, line.covers_until, code) for code in ("th", "en")}
    if line.count > 1:
        price = format_baht(line.price)
        return _said(gettext_lazy("%(span)s: %(count)s periods of %(price)s"), spans, count=line.count, price=price)
    return Words(spans["th"], spans["en"])


def by_when(arrears: Arrears, today: date) -> Words:
    """By which day to pay, and what that keeps, as the regulation in force has it."""
    if not arrears.lines:
        return _said(gettext_lazy("Please pay the entry fee as soon as you can."), {})
    last = arrears.suspended_from - timedelta(days=1)
    if today <= last:
        return _on_day(gettext_lazy("Please pay by %(day)s, so that your rights go on."), last)
    last = arrears.lapses_from - timedelta(days=1)
    if today <= last:
        return _on_day(
            gettext_lazy("Please pay by %(day)s: then your rights begin again, and your membership goes on."), last
        )
    return _said(gettext_lazy("Please pay as soon as you can: then your rights begin again."), {})


def _on_day(text: Promise, day: date) -> Words:
    days = {code: format_date(day, "long", code) for code in ("th", "en")}
    return _said(text, {}, days=days)


def _said(text: Promise, spans: dict[str, str], *, days: dict[str, str] | None = None, **values: object) -> Words:
    """A sentence in both languages; what differs by language comes as {"th": …, "en": …}."""
    said = {}
    for code in ("th", "en"):
        with override(code):
            said[code] = str(text) % (values | {"span": spans.get(code, ""), "day": (days or {}).get(code, "")})
    return Words(said["th"], said["en"])


# --- the paper ----------------------------------------------------------------------------------------------


def render_requests(requests: Sequence[PaymentRequest], fund: Fund, *, today: date, language: Language) -> bytes:
    """The requests as a PDF, two and more on a page of A4 where they have room; at least one."""
    papers = _drawn(requests, fund, today, language)
    return render_papers(papers, title=_title(language), language=language, stylesheets=STYLESHEETS)


def _title(language: Language) -> str:
    with translation.override("en" if language == "en" else "th"):
        return _("Payment request")


def _drawn(requests: Sequence[PaymentRequest], fund: Fund, today: date, language: Language) -> Iterator[Drawn]:
    """Some at a time, so that they share pages."""
    for place in range(0, len(requests), ON_SHARED_PAGES):
        some = requests[place : place + ON_SHARED_PAGES]
        context = {
            "requests": [_shown(one, fund, today) for one in some],
            "written_on": today,
            "phone": fund.phone,
            "paper_title": _title(language),
        }
        html = draw_paper("pdf/payment_requests.html", context, fund_head(fund), language)
        yield Drawn(html, len(some))


def _shown(asked: PaymentRequest, fund: Fund, today: date) -> dict[str, object]:
    community = asked.community
    return {
        "request": asked,
        "people": people_of(asked, today),
        "community": Words(community.name_th, community.name_en),
        "qr": code_for(asked, fund),
    }


def people_of(asked: PaymentRequest, today: date) -> list[tuple[Arrears, list[tuple[Words, OwedLine]], Words]]:
    """Each person of a request: what she owes, her lines in words, and by when."""
    return [(one, [(line_words(line), line) for line in one.lines], by_when(one, today)) for one in asked.asked]


@job_kind(PAYMENT_REQUESTS, gettext_lazy("Payment requests"))
def print_requests(run: JobRun) -> None:
    """The requests of a community, where the asker may see its people; as things stand when it is made."""
    language, fund = run.parameters["paper_language"], Fund.objects.get()
    community = visible_communities(run.job.requested_by).filter(number=run.parameters["community"]).first()
    today = today_of(fund)
    requests = requests_in(community, today) if community else []
    if not requests:
        raise NothingToAsk(_("Nobody in this community owes anything."))
    batch(
        run,
        _drawn(requests, fund, today, language),
        total=len(requests),
        name=f"payment-requests-{community.number}-{language}.pdf",
        title=_title(language),
        language=language,
        stylesheets=STYLESHEETS,
    )
