"""Whose claims one sees: another community's claim, list, voucher, paper and member are not there at all."""

import io
import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from python_calamine import CalamineWorkbook

from office.attachments import keep_attachment
from office.models import Attachment, User
from tests.factories import MemberFactory, make_user
from tests.welfare.cast import NOW, stay
from welfare.events import CLAIM_PAPERS
from welfare.models import Claim


def photograph(name: str = "certificate.png") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), content_type="image/png")


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def stranger(cast) -> Client:
    return browser_of(make_user("leader", community=cast.away))


@pytest.fixture
def paid(cast) -> Claim:
    claim = cast.decided()
    cast.pay(claim)
    claim.refresh_from_db()
    return claim


def kept_paper(cast, claim: Claim) -> Attachment:
    facts = {"owner_kind": CLAIM_PAPERS, "owner_id": claim.pk, "purpose": "hospital-certificate"}
    return keep_attachment(photograph(), **facts, by=cast.leader, now=NOW)


def test_another_communitys_pages_are_not_there(cast, stranger, paid):
    paper = kept_paper(cast, paid)
    paths = [
        "/claims/2563/1/",
        "/claims/2563/1/change/",
        "/vouchers/2563/1/",
        "/vouchers/2563/1.pdf",
        "/members/101/",
        "/members/101/claim/",
        "/members/101/claim/hospital-night/",
        "/members/101/death/",
        f"/papers/{paper.pk}/",
    ]
    assert [stranger.get(path).status_code for path in paths] == [404] * len(paths)
    own = browser_of(cast.leader)
    assert [status(own, path) for path in paths] == [200] * len(paths)


def status(client: Client, path: str) -> int:
    answer = client.get(path, follow=True)
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, which closes the file
    return answer.status_code


def test_another_communitys_buttons_do_nothing(cast, stranger):
    claim = cast.submitted()
    names = ("submit", "cancel", "appeal", "papers")
    answers = [stranger.post(f"/claims/2563/1/{name}/", {"reason": "mine"}).status_code for name in names]
    assert answers == [404] * 4
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_another_communitys_member_cannot_be_claimed_for(cast, stranger):
    form = {"request_id": str(uuid.uuid4())}
    assert stranger.post("/members/101/claim/hospital-night/", form).status_code == 404
    assert stranger.post("/members/101/claim/hospital-night/preview/", form).status_code == 404


def test_lists_and_searches_leave_the_others_out(cast, stranger, paid):
    drafted = cast.drafted(event=stay(date(2020, 9, 1), date(2020, 9, 2)))
    for path in ("/claims/", "/claims/?q=2563/1", f"/claims/?q={cast.member.first_name}", "/claims/drafts/"):
        page = stranger.get(path).content.decode()
        assert (paid.label in page, drafted.label in page) == (False, False), path
    assert paid.label in browser_of(cast.leader).get("/claims/").content.decode()


@pytest.mark.parametrize(
    ("role", "path", "expected"),
    [
        ("leader", "/claims/to-check/", 403),
        ("leader", "/claims/to-pay/", 403),
        ("leader", "/meetings/", 403),
        ("registrar", "/claims/to-pay/", 403),
        ("registrar", "/claims/2563/1/pay/", 403),
        ("committee", "/claims/new/", 403),
        ("committee", "/claims/2563/1/pay/", 403),
        ("treasurer", "/meetings/new/", 403),
        ("auditor", "/claims/new/", 403),
        ("auditor", "/members/101/death/", 403),
        ("administrator", "/claims/", 403),
        ("administrator", "/members/101/", 403),
        ("auditor", "/claims/", 200),
        ("auditor", "/meetings/", 200),
        ("treasurer", "/claims/to-pay/", 200),
        ("registrar", "/claims/to-check/", 200),
    ],
)
def test_each_role_opens_its_own_pages(cast, role, path, expected):
    cast.submitted()
    assert browser_of(make_user(role)).get(path).status_code == expected


@pytest.mark.parametrize(("name", "role"), [("verify", "leader"), ("verify", "committee"), ("return", "treasurer")])
def test_another_desks_buttons_are_forbidden(cast, name, role):
    claim = cast.submitted()
    assert browser_of(make_user(role, community=cast.home)).post(f"/claims/2563/1/{name}/").status_code == 403
    claim.refresh_from_db()
    assert claim.state == "submitted"


def test_papers_come_with_the_claim_and_are_served_to_who_may_see_it(cast):
    client = browser_of(cast.leader)
    form = {
        "event_from": "2020-10-05",
        "event_until": "2020-10-08",
        "received_on": "2020-10-09",
        "kind_0": "discharge-summary",
        "paper_0": photograph(),
        "consent": "on",
        "request_id": str(uuid.uuid4()),
    }
    client.post("/members/101/claim/hospital-night/", form)
    claim, paper = Claim.objects.get(), Attachment.objects.get()
    assert (paper.owner_kind, paper.owner_id, paper.purpose) == ("claim", claim.pk, "discharge-summary")
    assert claim.evidence_seen == ["discharge-summary"]
    answer = client.get(f"/papers/{paper.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"


def test_papers_that_come_later_are_ticked_off(cast):
    claim = cast.submitted(event=stay(date(2020, 10, 5), date(2020, 10, 8), evidence=frozenset()))
    client = browser_of(cast.leader)
    assert "Still missing:" in client.get("/claims/2563/1/").content.decode()
    form = {"kind": "hospital-certificate", "files": [photograph("1.png"), photograph("2.png")]}
    form["request_id"] = str(uuid.uuid4())
    answer = client.post("/claims/2563/1/papers/", form)  # a paper on health, and nobody said that it may be kept
    assert (list(answer.context["paper_form"].errors), Attachment.objects.count()) == (["consent"], 0)
    form |= {"consent": "on", "files": [photograph("1.png"), photograph("2.png")]}
    client.post("/claims/2563/1/papers/", form)
    form["files"] = [photograph("1.png"), photograph("2.png")]
    client.post("/claims/2563/1/papers/", form)
    assert Attachment.objects.filter(owner_id=claim.pk).count() == 2
    page = client.get("/claims/2563/1/").content.decode()
    assert ("Still missing:" in page, 'name="consent"' in page) == (False, False)
    Claim.objects.update(state="cancelled")
    form |= {"request_id": str(uuid.uuid4()), "files": [photograph("3.png")]}
    assert (
        "Papers are added before it is decided."
        in client.post("/claims/2563/1/papers/", form, follow=True).content.decode()
    )
    assert Attachment.objects.count() == 2


def test_a_program_that_calls_itself_a_certificate_is_refused_and_the_facts_stay(cast):
    client = browser_of(cast.leader)
    form = {
        "event_from": "2020-10-05",
        "event_until": "2020-10-08",
        "received_on": "2020-10-09",
        "note": "came by bus",
        "paper_0": SimpleUploadedFile("certificate.jpg", b"MZ\x90\x00 not a picture", content_type="image/jpeg"),
        "request_id": str(uuid.uuid4()),
    }
    page = client.post("/members/101/claim/hospital-night/", form).content.decode()
    assert "certificate.jpg is a program" in page
    assert "came by bus" in page
    assert Claim.objects.count() == 0


LISTS = [
    ("leader", "/claims/", "submitted", 6),
    ("leader", "/claims/drafts/", "drafted", 6),
    ("registrar", "/claims/to-check/", "submitted", 6),
    ("committee", "/meetings/", "verified", 10),
    ("treasurer", "/claims/to-pay/", "decided", 10),
    ("committee", "/meetings/committee/2563/{meeting}/", "verified", 30),
    ("auditor", "/meetings/committee/2563/{meeting}/", "decided", 17),
    ("leader", "/claims/new/", "drafted", 5),
]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("asked", LISTS)
def test_lists_cost_the_same_at_one_and_three_rows(cast, rows, asked, django_assert_num_queries):
    role, path, verb, queries = asked
    for _row in range(rows):
        getattr(cast, verb)(member=MemberFactory(community=cast.home))
    path = path.format(meeting=cast.meeting.number)
    client = browser_of(getattr(cast, role))
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("role", "path", "queries"),
    [
        ("registrar", "/members/101/", 21),
        ("leader", "/members/101/", 21),
        ("registrar", "/claims/2563/1/", 15),
        ("treasurer", "/claims/2563/1/pay/", 11),
        ("leader", "/members/101/claim/hospital-night/", 7),
    ],
)
def test_pages_of_one_claim_or_member_have_their_count(cast, role, path, queries, django_assert_num_queries):
    cast.decided()
    client = browser_of(getattr(cast, role))
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


def test_a_sheet_of_claims_holds_what_the_list_shows(cast, stranger):
    claim = cast.submitted()
    rows = sheet_rows(browser_of(cast.leader).get("/claims/export/?state=submitted").content)
    assert rows[1][:3] == [claim.label, "101", cast.member.full_name]
    assert rows[1][-1] == 300.0
    assert len(sheet_rows(browser_of(cast.leader).get("/claims/export/?state=paid").content)) == 1
    assert claim.label not in str(sheet_rows(stranger.get("/claims/export/").content))


def sheet_rows(book: bytes) -> list[list[object]]:
    """The rows of the only sheet, totals left out."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    return [row for row in rows if row[0]]


def test_the_list_of_claims_goes_on_behind_the_last_one_shown(cast, monkeypatch):
    monkeypatch.setattr("welfare.views.claims.ON_A_PAGE", 2)
    for _claim in range(3):
        cast.drafted(member=MemberFactory(community=cast.home))
    client = browser_of(cast.auditor)
    first = client.get("/claims/")
    behind = client.get("/claims/", {"before": first.context["page"]["next_key"]})
    numbers = [[claim.number for claim in page.context["claims"]] for page in (first, behind)]
    assert (numbers, behind.context["page"]["next_key"]) == ([[3, 2], [1]], "")
    assert len(client.get("/claims/", {"before": "²/x"}).context["claims"]) == 2
