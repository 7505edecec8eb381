"""Everything that is kept of one person, on one paper: the answer to her request for access (PDPA, section 30).

It spans the apps, so it lives here. Rows of doubles that were merged into hers are hers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from bansong_fund.lib.births import format_birth
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.phones import format_phone
from bansong_fund.lib.thai_dates import format_date, format_moment
from contributions.models import DuesPayment, RoundMember
from members import models as people
from members.application_queries import APPLICATION_PAPERS
from members.fund_head import fund_head
from members.identity import id_label, whole_id_for_paper
from members.models import Fund, Member
from members.queries import of_person, readings_of, survivor_key
from members.timeline import papers_of
from office.models import Attachment, User
from office.reading import in_words, log_reading
from welfare.events import CLAIM_PAPERS
from welfare.list_lines import list_lines
from welfare.models import CareVisit, Claim, PaymentListLine, Referral
from welfare.payment_lists import last_digits
from welfare.queries import claims_of

TEMPLATE = "pdf/personal_data.html"
READINGS_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of facts: headings, and a row for each that is kept."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


def personal_data_paper(member: Member, fund: Fund, *, by: User, reason: str, language: Language, today: date) -> bytes:
    """The paper as PDF, in Thai or English. That it was made, and why, is written down before."""
    log_reading(by, kind="member", id=member.pk, name=member.full_name, what="personal-data", reason=reason)
    with translation.override("en" if language == "en" else "th"):
        title = _("Personal data of %(name)s") % {"name": member.full_name}
        facts = {"person": _person(member, by), "sections": _sections(member), "day": today}
        context = {**facts, "title": title, "paper_title": title}
        html = draw_paper(TEMPLATE, context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=PAPER_STYLESHEETS)


def _person(member: Member, by: User) -> list[tuple[str, str]]:
    paper = _("Paper with all personal data")
    whose = {"kind": "member", "id": member.pk, "name": member.full_name}
    number = whole_id_for_paper(member.national_id_encrypted, by=by, **whose, paper=paper)
    facts = [
        (_("Member no."), str(member.number)),
        (_("Name"), member.full_name),
        (_("Nickname"), member.nickname),
        (_("Sex"), str(member.get_sex_display())),
        (_("Date of birth"), format_birth(member.birth_date, member.birth_precision) if member.birth_date else ""),
        (_("Date of death"), _day(member.died_on)),
        (id_label(member), number),
        (_("Phone"), _phone(member.phone)),
        (_("Occupation"), member.occupation),
        (_("Nationality"), member.nationality),
        (_("Marital status"), str(member.get_marital_status_display())),
        (_("House"), _house(member)),
        (_("Address"), member.address),
        (_("Community"), local_name(member.community)),
        (_("Numbers of merged doubles"), ", ".join(str(double.number) for double in member.doubles.order_by("number"))),
    ]
    return [(name, value) for name, value in facts if value]


def _house(member: Member) -> str:
    home = member.household
    if home is None:
        return ""
    named = ((_("Village no. (Moo)"), home.moo), (_("Lane (Soi)"), home.lane), (_("Road"), home.road))
    return " ".join([home.house_number, *(f"{word} {value}" for word, value in named if value)])


def _phone(digits: str) -> str:
    return format_phone(digits) if digits.isdecimal() else digits


def _day(day: Any) -> str:
    return format_date(day, "short") if day else ""


def _span(since: Any, until: Any) -> str:
    return f"{_day(since)} – {_day(until)}"


def _sections(member: Member) -> list[Section]:
    made = [*_stays(member), *_around(member), *_money(member), *_care(member), *_papers(member)]
    return [section for section in made if section.rows]


def _listed(
    member: Member, model: type[Model], order: str, cells: Callable[[Any], tuple[str, ...]], *related: str
) -> list[tuple[str, ...]]:
    rows: QuerySet[Any] = model._default_manager.filter(of_person(member)).order_by(order)
    return [cells(row) for row in (rows.select_related(*related) if related else rows)]


def _stays(member: Member) -> Iterable[Section]:
    yield Section(
        _("Membership"),
        (_("From and until"), _("Reason of the end"), _("Paid through")),
        _listed(
            member,
            people.Membership,
            "joined_on",
            lambda one: (_span(one.joined_on, one.ended_on), str(one.get_end_reason_display()), _day(one.paid_through)),
        ),
    )
    yield Section(
        _("Communities"),
        (_("From and until"), _("Community")),
        _listed(
            member,
            people.CommunityStay,
            "since",
            lambda one: (_span(one.since, one.until), local_name(one.community)),
            "community",
        ),
    )
    yield Section(
        _("Former names"),
        (_("Until"), _("Name"), _("Shown by")),
        _listed(
            member,
            people.NameChange,
            "changed_on",
            lambda one: (
                _day(one.changed_on),
                f"{one.old_title}{one.old_first_name} {one.old_family_name}".strip(),
                one.shown_by,
            ),
        ),
    )
    yield Section(
        _("Seats on the committee"),
        (_("From and until"), _("Post in the fund"), _("Post in the community"), _("Phone")),
        _listed(
            member,
            people.CommitteeSeat,
            "since",
            lambda one: (_span(one.since, one.until), one.post_th, one.community_post, _phone(one.phone)),
        ),
    )


def _around(member: Member) -> Iterable[Section]:
    yield Section(
        _("Beneficiaries"),
        (_("Name"), _("Relation"), _("Share in percent"), _("From and until")),
        _listed(
            member,
            people.Beneficiary,
            "id",
            lambda one: (
                one.name,
                str(one.get_relation_display()),
                str(one.share_percent),
                _span(one.named_on, one.replaced_on),
            ),
        ),
    )
    children = people.Child.objects.filter(Q(parent=member) | Q(parent__merged_into=member)).order_by("id")
    yield Section(
        _("Children"), (_("Name"), _("Date of birth")), [(child.name, _day(child.birth_date)) for child in children]
    )
    yield Section(
        _("Guardians"),
        (_("Name"), _("Relation"), _("Phone"), _("From and until")),
        _listed(
            member,
            people.Guardian,
            "since",
            lambda one: (
                one.name,
                str(one.get_relation_display()),
                _phone(one.phone),
                _span(one.since, one.until),
            ),
        ),
    )
    yield Section(
        _("Groups"),
        (_("Group"), _("From and until"), _("Shown by")),
        _listed(
            member,
            people.GroupFlag,
            "since",
            lambda one: (str(one.get_group_display()), _span(one.since, one.until), one.shown_by),
        ),
    )
    yield Section(
        _("Consents"),
        (_("What"), _("From and until"), _("Given by")),
        _listed(
            member,
            people.Consent,
            "given_on",
            lambda one: (str(one.get_kind_display()), _span(one.given_on, one.withdrawn_on), one.given_by),
        ),
    )


def _money(member: Member) -> Iterable[Section]:
    yield Section(
        _("Contributions paid"),
        (_("Period"), _("Paid on"), _("Receipt"), _("Baht")),
        _listed(
            member,
            DuesPayment,
            "covers_from",
            lambda one: (
                _span(one.covers_from, one.covers_until),
                _day(one.paid_on),
                one.receipt.label,
                format_baht(one.amount),
            ),
            "receipt",
        ),
    )
    yield Section(
        _("Claims"),
        (_("Claim no."), _("Kind"), _("Day of the event"), _("State"), _("Recipient"), _("Baht")),
        [_claim(claim) for claim in claims_of(member)],
    )
    yield Section(
        _("Benefits by list"),
        (_("List no."), _("Name of the list"), _("As of"), _("What became of it")),
        [
            (line.benefit_list.label, line.benefit_list.title, _day(line.benefit_list.event_on), became)
            for line, became in list_lines(member)
        ],
    )
    yield Section(
        _("Accounts to which her money was sent"),
        (_("Payment list"), _("Claim no."), _("Bank"), _("Account number"), _("Name of the account")),
        [_account(line) for line in _transfers(member)],
    )
    notices = people.ArrearsNotice.objects.filter(membership__in=people.Membership.objects.filter(of_person(member)))
    yield Section(
        _("Notices of arrears"),
        (_("Day"), _("How the member was told")),
        [(_day(notice.given_on), str(notice.get_how_display())) for notice in notices],
    )
    yield Section(
        _("Before this program"),
        (_("Day"), _("Benefit"), _("Times"), _("Baht")),
        [*_matched_before(member), *_drawn_before(member)],
    )
    yield Section(
        _("Rounds of matching"),
        (_("Year"),),
        _listed(
            member,
            RoundMember,
            "matching_round__year_be",
            lambda one: (str(one.matching_round.year_be),),
            "matching_round",
        ),
    )


def _matched_before(member: Member) -> list[tuple[str, ...]]:
    rows = people.OpeningFacts.objects.filter(of_person(member)).order_by("as_of")
    return [(_day(one.as_of), _("Rounds of matching"), str(one.rounds_matched), "") for one in rows]


def _drawn_before(member: Member) -> list[tuple[str, ...]]:
    rows = people.OpeningDrawn.objects.filter(of_person(member)).order_by("as_of", "benefit_code")
    return [
        (_day(one.as_of), one.benefit_code.replace("-", " "), str(one.life_times), format_baht(one.life_baht))
        for one in rows
    ]


def _transfers(member: Member) -> QuerySet[PaymentListLine]:
    hers = PaymentListLine.objects.filter(claim__in=claims_of(member).order_by().values("pk")).exclude(bank="")
    return hers.select_related("claim", "payment_list").defer("claim__assessment").order_by("pk")


def _account(line: PaymentListLine) -> tuple[str, ...]:
    number = f"xxx-{last_digits(line)}"  # as on the pages: who prints this paper is not who pays
    return (line.payment_list.label, line.claim.label, line.bank, number, line.account_name)


def _claim(claim: Claim) -> tuple[str, ...]:
    return (
        claim.label,
        str(claim.get_category_display()),
        _day(claim.event_from),
        str(claim.get_state_display()),
        claim.recipient_name,
        format_baht(claim.amount_approved) if claim.amount_approved is not None else "",
    )


def _care(member: Member) -> Iterable[Section]:
    """What was written down at home visits, and whom she was referred to."""
    rows = Member.objects.filter(Q(pk=survivor_key(member)) | Q(merged_into=survivor_key(member)))
    visits = CareVisit.objects.filter(person__member__in=rows, visited_on__isnull=False).order_by("visited_on", "id")
    yield Section(
        _("Home visits"),
        (_("Date"), _("How she is"), _("What she needs"), _("What came of it")),
        [(_day(one.visited_on), one.note, one.needs, one.follow_up_outcome) for one in visits],
    )
    referrals = Referral.objects.filter(visit__person__member__in=rows).order_by("referred_on", "id")
    yield Section(
        _("Referrals"),
        (_("Date"), _("Referred to"), _("What they were asked for"), _("Their answer")),
        [
            (_day(one.referred_on), f"{one.get_to_display()} {one.to_name}".strip(), one.asked, one.answer)
            for one in referrals
        ],
    )


def _papers(member: Member) -> Iterable[Section]:
    applications = people.Application.objects.filter(of_person(member)).order_by("id")
    yield Section(
        _("Applications"),
        (_("Number"), _("Day"), _("State")),
        [(one.label, _day(one.applied_on), str(one.get_state_display())) for one in applications],
    )
    owners = Q(owner_kind=CLAIM_PAPERS, owner_id__in=claims_of(member).order_by().values("pk"))
    owners |= Q(owner_kind=APPLICATION_PAPERS, owner_id__in=applications.order_by().values("pk"))
    owners |= Q(pk__in=papers_of(member).order_by().values("pk"))
    handed_in = Attachment.objects.filter(owners).order_by("id")
    yield Section(
        _("Papers handed in"),
        (_("Day"), _("Name of the file")),
        [(format_moment(one.uploaded_at), one.original_name) for one in handed_in],
    )
    yield Section(
        _("Who looked at the data"),
        (_("When"), _("Who"), _("What"), _("Reason")),
        [
            (format_moment(line.read_at), str(line.user), str(line.words), str(line.reason_words))
            for line in in_words(list(readings_of(member)[:READINGS_SHOWN]))
        ],
    )
