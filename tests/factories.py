"""Invented people and things for tests. Every name is made up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import factory
from django.contrib.auth.hashers import MD5PasswordHasher
from factory.django import DjangoModelFactory

from ledger.accounts import add_bank_account, make_books
from ledger.periods import open_year
from members.models import (
    Beneficiary,
    Community,
    CommunityStay,
    Fund,
    Household,
    Leadership,
    Meeting,
    Member,
    MemberCount,
    MemberSequence,
    Membership,
    Resolution,
)
from office.models import RoleGrant, User

PASSWORD = "ทดสอบ-1234-เท่านั้น"
HASHED_PASSWORD = MD5PasswordHasher().encode(PASSWORD, "salt")
FOUNDED_ON = date(2010, 5, 1)
TODAY = date(2020, 11, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n:06}")
    display_name = factory.Sequence(lambda n: f"ผู้ใช้ทดสอบ {n:06}")
    password = HASHED_PASSWORD


def make_user(*roles: str, community: Community | None = None, **fields: object) -> User:
    """A user who holds these roles, and leads `community` where one is given."""
    user = UserFactory(**fields)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role)
    if community is not None:
        Leadership.objects.create(user=user, community=community, since=FOUNDED_ON)
    return user


def make_fund(*, controls: str = "standard", today: date = TODAY) -> Fund:
    """An empty fund with its books, on a day of its own, and the open year of that day."""
    fund = Fund.objects.create(
        pk=1,
        name_th="กองทุนสวัสดิการชุมชนทดสอบ",
        name_en="Test Community Welfare Fund",
        founded_on=FOUNDED_ON,
        population=1000,
        controls=controls,
        is_demo=True,
        demo_day=today,
    )
    MemberSequence.objects.get_or_create(pk=1)
    make_books()
    add_bank_account(
        name_th="ออมทรัพย์",
        name_en="Savings",
        bank_th="ธนาคารทดสอบ",
        bank_en="Test Bank",
        branch_th="เวียงสระ",
        branch_en="Wiang Sa",
        last_digits="1234",
    )
    open_year(today, fund)
    return fund


class CommunityFactory(DjangoModelFactory):
    class Meta:
        model = Community
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n + 1)
    name_th = factory.LazyAttribute(lambda c: f"ชุมชนที่ {c.number}")
    name_en = factory.LazyAttribute(lambda c: f"Community {c.number}")

    @factory.post_generation
    def count(self, create: bool, _extracted: object, **_kwargs: object) -> None:
        MemberCount.objects.get_or_create(community=self)


class HouseholdFactory(DjangoModelFactory):
    class Meta:
        model = Household

    community = factory.SubFactory(CommunityFactory)
    house_number = factory.Sequence(lambda n: f"{n}/1")


class MemberFactory(DjangoModelFactory):
    """A member who joined on 1 January 2558 and has paid to the end of 2563, unless told otherwise."""

    class Meta:
        model = Member
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n + 5001)  # far from the numbers that tests name
    title = "นาง"
    first_name = factory.Sequence(lambda n: f"ทดสอบ{n:06}")  # lists order by name: made first, listed first
    family_name = "สมมติสกุล"
    sex = "f"
    birth_date = date(1975, 6, 15)
    community = factory.SubFactory(CommunityFactory)
    is_invented = True

    @classmethod
    def _create(cls, model_class: type[Member], *args: object, **kwargs: object) -> Member:
        joined_on = kwargs.pop("joined_on", date(2015, 1, 1))
        paid_through = kwargs.pop("paid_through", date(2020, 12, 31))
        member = super()._create(model_class, *args, **kwargs)
        if joined_on is not None:
            Membership.objects.create(member=member, joined_on=joined_on, paid_through=paid_through)
            CommunityStay.objects.create(member=member, community=member.community, since=joined_on)
        return member


class BeneficiaryFactory(DjangoModelFactory):
    class Meta:
        model = Beneficiary

    member = factory.SubFactory(MemberFactory)
    name = "นายผู้รับ สมมติสกุล"
    relation = "child"


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    number = factory.Sequence(lambda n: n + 1)
    year_be = 2563
    held_on = TODAY
    present = factory.LazyFunction(lambda: [{"name": f"กรรมการสมมติ {n}", "post": "กรรมการ"} for n in range(1, 6)])


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = Resolution

    meeting = factory.SubFactory(MeetingFactory)
    number = 1
    subject = "พิจารณาคำขอรับสวัสดิการ"


REGULATION_FILE = Path(__file__).parent.parent / "bansong_fund" / "data" / "regulation-bansong.yaml"
BAHT_A_YEAR = Decimal("365.00")
