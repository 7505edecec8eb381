"""Founding a fund in an empty database, and changing what is kept about it."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from ledger.accounts import add_bank_account, make_books
from ledger.models import Account, AccountRole
from ledger.periods import lay_years_anew, open_year
from members.models import Community, Controls, Fund, MemberCount, MemberSequence
from members.settings import set_year_only_births
from office.action_log import log_action
from office.models import User
from welfare.regulations import load_regulation

MOST_COMMUNITIES = 200
# what the committee decides in a meeting, and whoever writes it down names it
BY_RESOLUTION = frozenset({"controls", "administration_percent", "administration_base", "fund_year_start_month"})
DEFAULT_REGULATION = settings.BASE_DIR / "bansong_fund" / "data" / "regulation-bansong.yaml"


class FundExists(DomainError):
    """A database holds one fund."""


class WrongFoundingDay(DomainError):
    """A fund cannot be founded tomorrow."""


class ResolutionNeeded(DomainError):
    """What the committee settles changes by a resolution, which is named."""


@dataclass(frozen=True, slots=True)
class FundFacts:
    """What a fund says of itself on its papers; an empty English name falls back to the Thai one."""

    name_th: str
    name_en: str
    founded_on: date
    area_th: str = ""
    area_en: str = ""
    address: str = ""
    phone: str = ""
    tax_id: str = ""
    population: int | None = None
    fund_year_start_month: int = 1


@dataclass(frozen=True, slots=True)
class BankFacts:
    """A passbook account in the fund's name."""

    name_th: str
    name_en: str
    bank_th: str
    bank_en: str
    branch_th: str
    branch_en: str
    last_digits: str


@transaction.atomic
def found_fund(
    *,
    facts: FundFacts,
    communities: int,
    banks: Sequence[BankFacts],
    by: User | None,
    today: date,
    now: datetime,
    regulation: str | None = None,
    **profile: Any,
) -> Fund:
    """Make the fund, its communities (numbered, to be renamed), its books and the year of `today`.

    `regulation` is the text of a regulation file to start with; `profile` are further columns of the fund
    (founders, controls, is_demo …). Raises `FundExists`, `WrongFoundingDay`, and what `load_regulation` refuses.
    """
    if Fund.objects.exists():
        raise FundExists(_("This program keeps the books of a fund already; a second one needs a program of its own."))
    if facts.founded_on > today:
        message = _("%(day)s is after today, %(today)s. Write the day on which the fund was founded.")
        days = {"day": format_date(facts.founded_on), "today": format_date(today)}
        raise WrongFoundingDay(message % days, field="founded_on")
    fund = Fund.objects.create(pk=1, **{"controls": Controls.SMALL, **asdict(facts), **profile})
    MemberSequence.objects.get_or_create(pk=1)
    make_communities(communities)
    make_books()
    for bank in banks:
        add_bank_account(**asdict(bank))
    open_year(today, fund)
    if regulation is not None:
        load_regulation(regulation, by=by, now=now)
    if by is not None:
        log_action(by, "fund-founded", subject=fund)
    return fund


def make_communities(number: int) -> list[Community]:
    """Communities 1 to `number`, named by their numbers, with their kept counts."""
    made = Community.objects.bulk_create(
        [Community(number=n, name_th=f"ชุมชนที่ {n}", name_en=f"Community {n}") for n in range(1, number + 1)]
    )
    MemberCount.objects.bulk_create([MemberCount(community=community) for community in made])
    return made


@transaction.atomic
def change_fund(*, changes: dict[str, Any], resolution: str, by: User) -> Fund:
    """Change names, address, what is settled about members, controls, or how the books are kept.

    Only what changed is written and logged. Raises `ResolutionNeeded` where what a resolution settles changes and
    none is named. A new first month of the fund year lays the open years anew; closed ones stay.
    """
    changes = dict(changes)
    if births := changes.pop("year_only_births", ""):
        set_year_only_births(births, by=by)  # it holds the register, and so comes before the fund's row
    fund = Fund.objects.select_for_update().get()
    changed = {name: value for name, value in changes.items() if getattr(fund, name) != value}
    if not changed:
        return fund
    if BY_RESOLUTION & changed.keys() and not resolution.strip():
        message = _(
            "Name the resolution (meeting and number) by which the committee changed the level of controls, the share"
            " for administration or the fund year."
        )
        raise ResolutionNeeded(message, field="resolution")
    if "fund_year_start_month" in changed:
        lay_years_anew(changed["fund_year_start_month"])
    before = {name: str(getattr(fund, name)) for name in changed}
    for name, value in changed.items():
        setattr(fund, name, value)
    fund.save(update_fields=list(changed))
    after = {name: str(value) for name, value in changed.items()}
    log_action(by, "fund-changed", subject=fund, before=before, after=after, resolution=resolution.strip())
    return fund


@transaction.atomic
def add_bank(*, bank: BankFacts, by: User) -> Account:
    """A further passbook account in the fund's name. The same facts a second time find the first account."""
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    if (found := Account.objects.filter(role=AccountRole.BANK, **asdict(bank)).first()) is not None:
        return found
    account = add_bank_account(**asdict(bank))
    log_action(by, "bank-added", subject=account)
    return account


def default_regulation(facts: FundFacts) -> str:
    """The text of the regulation that a new fund may start with: in its own name, in force since its founding."""
    english = facts.name_en or facts.name_th
    own = {
        "  th": json.dumps(f"ระเบียบ{facts.name_th} (ฉบับตั้งต้น)", ensure_ascii=False),
        "  en": json.dumps(f"Regulation of {english} (provisional)", ensure_ascii=False),
        "effective_from": facts.founded_on.isoformat(),
    }
    text = DEFAULT_REGULATION.read_text(encoding="utf-8")
    for key, value in own.items():
        text = re.sub(f"(?m)^{key}: .*$", lambda _found, line=f"{key}: {value}": line, text, count=1)
    return text


FACT_NAMES = tuple(field.name for field in fields(FundFacts))
