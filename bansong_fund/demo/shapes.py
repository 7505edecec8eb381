"""The shapes of the plan. Dates are Gregorian, money is Decimal baht, `year` is a Gregorian year."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FOUNDED = date(2010, 5, 1)
LAST_DAY = date(2020, 10, 31)
TODAY = date(2020, 11, 1)
FIRST_YEAR = 2010
LAST_YEAR = 2020
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
DUES = Decimal("365.00")
INVENTED_NOTE = "บุคคลสมมติ"


@dataclass(frozen=True, slots=True)
class Community:
    number: int
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Household:
    key: int
    community: int
    house_no: str
    moo: int


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Whom the member named to receive the funeral grant; `relation` is one of
    child, spouse, mother, father, sibling, grandchild, relative."""

    name: str
    relation: str


@dataclass(slots=True)
class Person:
    """A member, once. `end_reason`: died, resigned, moved, lapsed, or None for a current member.

    `birth_precision` is "day", or "year" when only the year is known (stored as 1 January).
    For a lapsed member `notice_on` is the day the notice was delivered, `end_meeting` the key of the
    meeting that resolved it.
    """

    number: int
    community: int
    joined_on: date
    title: str = ""
    first_name: str = ""
    family_name: str = ""
    nickname: str = ""
    sex: str = ""
    birth_date: date = FOUNDED
    birth_precision: str = "day"
    national_id: str = ""
    phone: str = ""
    household: int = 0
    occupation: str = ""
    beneficiary: Beneficiary | None = None
    ended_on: date | None = None
    end_reason: str | None = None
    end_meeting: str | None = None
    notice_on: date | None = None
    disabled_from: date | None = None
    disadvantaged_from: date | None = None
    note: str = INVENTED_NOTE
    is_invented: bool = True


@dataclass(slots=True)
class DuesPayment:
    """One member's dues of one calendar year; `sheet` None means paid at the office."""

    person: int
    year: int
    paid_on: date
    community: int
    sheet: str | None = None
    amount: Decimal = DUES


@dataclass(slots=True)
class CollectionSheet:
    """A community's collection list; `accepted_on` None means the leader still holds the cash."""

    key: str
    year: int
    community: int
    opened_on: date
    submitted_on: date
    accepted_on: date | None
    collector: str
    total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Meeting:
    """`kind`: committee or general (the first general one is the founding); `number` restarts each year within a kind.

    `planned` is true for a meeting after the demonstration's last day. `present`: user names.
    """

    key: str
    kind: str
    number: int
    year: int
    held_on: date
    planned: bool = False
    present: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisasterEvent:
    key: str
    happened_on: date
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child whom a claim is about; need not be a member."""

    first_name: str
    family_name: str
    sex: str
    birth_date: date

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.family_name}"


@dataclass(slots=True)
class Claim:
    """One claim. `number` counts within the year of `received_on`.

    `status`: draft, submitted, verified, approved, rejected, paid, cancelled; a draft with a reason was
    sent back to be put right.
    `expected`: what the rules must answer: eligible, needs_decision, refused. `amount` is what the
    rules reckon (0 for a refused one). `units`: nights or children. `proposed` is the committee's
    sum for an `up_to` benefit. `list_key` names the community's list it stood on, if any.
    `case` ties a newborn gift and the mother's nights of the same birth.
    """

    benefit: str
    category: str
    person: int
    event_on: date
    received_on: date
    amount: Decimal
    status: str = "paid"
    expected: str = "eligible"
    event_ends_on: date | None = None
    units: int | None = None
    grade: str | None = None
    child: Child | None = None
    disaster: str | None = None
    proposed: Decimal | None = None
    verified_on: date | None = None
    decided_on: date | None = None
    meeting: str | None = None
    reason_th: str = ""
    reason_en: str = ""
    paid_on: date | None = None
    paid_from: str | None = None
    recipient: Beneficiary | None = None
    list_key: str | None = None
    case: str | None = None
    key: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """Money of leg 2 (`municipality`) or leg 3 (`codi-start-up`, `codi-matching`)."""

    key: str
    leg: int
    source: str
    received_on: date
    amount: Decimal
    account: str = "savings"
    round: int | None = None


@dataclass(frozen=True, slots=True)
class MatchingRound:
    """A CODI round: who had a full year of membership on `cut_off` and fewer than three matches."""

    number: int
    cut_off: date
    received_on: date
    rate: Decimal
    persons: tuple[int, ...]

    @property
    def amount(self) -> Decimal:
        return self.rate * len(self.persons)


@dataclass(frozen=True, slots=True)
class Contributor:
    """`kind`: person, shop, company, ngo, agency, temple, enterprise, sister-fund."""

    number: int
    kind: str
    name: str
    agrees_to_be_named: bool
    is_local: bool = True
    is_invented: bool = True


@dataclass(frozen=True, slots=True)
class Campaign:
    key: str
    year: int
    name_th: str
    name_en: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Gift:
    """`kind`: donation, event (given at the campaign), enterprise-share, sister-funds."""

    key: str
    contributor: int
    kind: str
    received_on: date
    amount: Decimal
    account: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Interest:
    key: str
    account: str
    received_on: date
    gross: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class Cost:
    """`kind`: staff, travel, stationery, meetings, other; or event, with its campaign."""

    key: str
    kind: str
    paid_on: date
    amount: Decimal
    account: str
    memo_th: str
    memo_en: str
    payee: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class CashMove:
    """Money moved between the fund's own places; no income, no cost."""

    key: str
    moved_on: date
    source: str
    target: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Staff:
    """Who signs in. `roles`: leader, registrar, committee, treasurer, auditor, administrator.

    `communities` are those of a leader; `person` is the member's number.
    """

    username: str
    display_name: str
    roles: tuple[str, ...]
    person: int
    communities: tuple[int, ...] = ()


@dataclass(slots=True)
class Plan:
    communities: list[Community] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    dues: list[DuesPayment] = field(default_factory=list)
    sheets: list[CollectionSheet] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    disasters: list[DisasterEvent] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    rounds: list[MatchingRound] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    interest: list[Interest] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    moves: list[CashMove] = field(default_factory=list)
    users: list[Staff] = field(default_factory=list)
    today: date = TODAY

    def person(self, number: int) -> Person:
        """The person with this member number (1..5143)."""
        return self.persons[number - 1]
