"""SIGKILL to web server, worker and database while sheets are handed in and accepted and receipts made void.

The parts run as under `make run`. Users at their browsers send a form again, as it stands, until it is answered.
Whatever is killed, and when: what a user was told is done stands in the books once, and no sheet is there by half.
"""

import random
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import InterfaceError, OperationalError, connections

from bansong_fund import database_roles
from bansong_fund.embedded_postgres import SUPERUSER, EmbeddedServer
from bansong_fund.kept_secrets import kept_secret
from contributions.models import CollectionSheet
from ledger.check import check_ledger
from ledger.models import Receipt
from tests.clusters import KEPT_CLUSTERS, fingerprint_of_tables
from tests.factories import TODAY
from tests.faults import fund
from tests.faults.people import Counter, Person
from tests.faults.program import VICTIMS, Program
from tests.pdf_reading import pdfium_text

Found = TypeVar("Found")
LINES_OF_A_SHEET = 6
SECONDS_OF_A_ROUND = 180
ACTS = ("open/", "send/", "submit/", "submit/", "accept/", "accept/", "void/")  # at which a kill is aimed


@dataclass
class House:
    program: Program
    counter: Counter
    people: dict[str, Person]
    members: dict[int, list[int]]
    answered: fund.Answered = field(default_factory=fund.Answered)
    killed: list[str] = field(default_factory=list)


@pytest.fixture
def house(test_cluster, django_db_blocker, collected_static_files, settings) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="bansong-test-", dir="/tmp"))
    folder.chmod(0o755)
    var = folder / "var"
    program = Program(var)
    try:
        has_tables = _copy_of_the_tests_tables(var)
        (var / "static").symlink_to(collected_static_files)
        program.start("postgres")
        program.wait_for_database()
        program.server.start()  # it runs already: this waits until its roles are prepared
        if has_tables:
            _take_tables(program.server, test_cluster.template)
        else:
            program.manage("prepare_database")
        program.start("web")
        program.start("worker")
        settings.SECRET_KEY = kept_secret(var / "secrets", "secret-key")  # the program's, so that it knows the sessions
        with django_db_blocker.unblock(), fund.watched(program.server):
            fund.fill()
            yield _with_people(program)
    finally:
        program.stop()
        shutil.rmtree(folder)


def _copy_of_the_tests_tables(var: Path) -> bool:
    """Take the cluster that test runs keep. What is killed is never the machine, so the disk need not be waited for."""
    var.mkdir()
    kept = KEPT_CLUSTERS / fingerprint_of_tables()
    if not kept.exists() or subprocess.run(["cp", "-a", f"{kept}/.", str(var)], check=False).returncode:
        return False
    with (EmbeddedServer(var).place.data / "postgresql.conf").open("a") as conf:
        conf.write("fsync = off\n")
    return True


def _take_tables(server: EmbeddedServer, template: str) -> None:
    with server.login(SUPERUSER).connect() as superuser:
        database_roles.drop_database(superuser, database_roles.DATABASE)
        superuser.execute(f"ALTER DATABASE {template} RENAME TO {database_roles.DATABASE}")


def _with_people(program: Program) -> House:
    counter, members = Counter(), fund.numbers_of_members()
    usernames = [*fund.TREASURERS, *map(fund.leader_of, members)]
    people = {name: Person(program.port, counter, *fund.signed_in(name), random.Random(name)) for name in usernames}
    return House(program, counter, people, members)


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.faults)])
def test_what_was_answered_is_there_once_whatever_is_killed(house, kills) -> None:
    chance = random.Random(kills)
    play_round(house, 0, None, chance)
    for number in range(1, kills + 1):
        started = time.monotonic()
        play_round(house, number, VICTIMS[number % len(VICTIMS)], chance)
        print(f"{number} {house.killed[-1]}: {time.monotonic() - started:.1f} s, sent again {house.counter.again}")
    assert len(house.killed) == kills


def play_round(house: House, number: int, victim: str | None, chance: random.Random) -> None:
    """Leaders hand in sheets, treasurers accept, void and print those of the round before; one kill amid it."""
    acts = acts_of(house, number, chance)
    house.counter.aim_at(chance.choice(ACTS))
    part = chance.random()
    with ThreadPoolExecutor(len(acts)) as pool:
        under_way = [pool.submit(act) for act in acts]
        is_over = partial(all_done, under_way)
        try:
            if victim == "worker":
                wait_until(lambda: is_over() or fund.is_at_work())
                time.sleep(part / 2)
            elif victim:
                wait_until(lambda: house.counter.begun.wait(0.2) or is_over())
                time.sleep(part * house.counter.seconds)  # somewhere between its being sent and its being answered
            if victim:
                kill(house, victim, chance)
            wait_until(lambda: revive(house) or is_over())
        finally:
            house.counter.is_over.set()
    house.counter.is_over.clear()
    for one in under_way:
        one.result()
    assert until_answered(house, fund.half_sheets) == []
    assert until_answered(house, fund.standing).as_counts() == house.answered.as_counts()
    assert until_answered(house, check_ledger).problems == ()


def kill(house: House, victim: str, chance: random.Random) -> None:
    """Kill, look at the books as soon as the database answers, and let the time pass that stale work waits for."""
    born = house.program.database_born()
    killed = house.program.kill(victim, chance)
    house.killed.append(victim)
    if killed and victim.startswith("database"):
        wait_until(lambda: revive(house) or house.program.database_born() not in {None, born})
    assert until_answered(house, fund.half_sheets) == []
    if not victim.startswith("web"):
        until_answered(house, fund.let_time_pass)


def all_done(under_way: list[Future[None]]) -> bool:
    return all(one.done() for one in under_way)


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS_OF_A_ROUND
    while not is_so():
        assert time.monotonic() < deadline, "this round never came to its end"
        time.sleep(0.05)


def revive(house: House) -> None:
    """Start what has ended, as whoever runs the program would."""
    for name in house.program.ended():
        house.program.start(name)


def until_answered(house: House, question: Callable[[], Found]) -> Found:
    """Ask the database, which may be coming up again; meanwhile what has ended is started."""
    found: list[Found] = []

    def ask() -> bool:
        revive(house)
        try:
            found.append(question())
        except (OperationalError, InterfaceError):
            return False
        finally:
            connections["default"].close()
        return True

    wait_until(ask)
    return found[0]


# --- what the users do ------------------------------------------------------------------------------------------


def acts_of(house: House, number: int, chance: random.Random) -> list[Callable[[], None]]:
    """One act for each user: this round's sheets of the leaders, and the sheets of the round before."""
    acts: list[Callable[[], None]] = []
    for community, members in house.members.items():
        chosen = [members[(number * LINES_OF_A_SHEET + row) % len(members)] for row in range(LINES_OF_A_SHEET)]
        taken = {member: Decimal(chance.randrange(50, 120)) for member in chosen}
        acts.append(partial(hand_in, house, house.people[fund.leader_of(community)], community, taken))
    waiting = until_answered(house, fund.waiting_sheets)
    if waiting:
        chance.shuffle(waiting)
        treasurer, second, third = (house.people[name] for name in fund.TREASURERS)
        acts.append(partial(accept, house, treasurer, waiting))
        acts.append(partial(void, house, second, [chance.choice(sheet.receipts) for sheet in waiting[1:]]))
        acts.append(partial(print_receipts, house, third, waiting[0]))
    return acts


def hand_in(house: House, leader: Person, community: int, taken: dict[int, Decimal]) -> None:
    opened, sent, submitted = (uuid.uuid4() for _ in range(3))
    sheet = leader.press("/money-in/sheets/open/", {"request_id": opened, "community": community})
    house.answered.opened.append(opened)
    label = SHEET.fullmatch(sheet)
    assert label, sheet
    lines = [{"n": number, "amount": str(baht), "day": TODAY.isoformat()} for number, baht in taken.items()]
    batch = {"id": str(sent), "who": leader.known_as, "lines": lines}
    answer = leader.post_json(f"{sheet}send/", batch)
    assert {one["state"] for one in answer["lines"]} == {"written"}, answer
    house.answered.sent.append(sent)
    house.answered.typed += [(f"{label[1]}/{int(label[2]):04d}", number, baht) for number, baht in taken.items()]
    assert leader.press(f"{sheet}submit/", {"request_id": submitted}) == sheet
    house.answered.submitted.append(submitted)


SHEET = re.compile(r"/money-in/sheets/(\d+)/(\d+)/")


HTMX = {"HX-Request": "true"}


def accept(house: House, treasurer: Person, sheets: list[CollectionSheet]) -> None:
    """The whole of each sheet; a receipt may become void before it, which is the difference then."""
    for sheet in sheets:
        counted = {"request_id": uuid.uuid4(), "counted": sheet.total, "difference_reason": "ใบที่ยกเลิก"}
        path = f"/money-in/sheets/{sheet.year_be}/{sheet.number}/accept/"
        assert treasurer.press(path, counted) == "/money-in/sheets/"
        house.answered.accepted.append(counted["request_id"])


def void(house: House, treasurer: Person, receipts: list[Receipt]) -> None:
    for receipt in receipts:
        why = {"request_id": uuid.uuid4(), "reason": "พิมพ์ผิด"}
        path = f"/money-in/receipts/{receipt.year_be}/{receipt.number}/void/"
        assert treasurer.press(path, why) == f"/books/receipts/{receipt.year_be}/{receipt.number}/"
        house.answered.voided.append(receipt.pk)


def print_receipts(house: House, treasurer: Person, sheet: CollectionSheet) -> None:
    """All receipts of a sheet by the worker; waits for the file, which has each of them."""
    ordered = uuid.uuid4()
    job = treasurer.press(f"/books/receipts/of-entry/{sheet.submission_entry.number}/", {"request_id": ordered})
    while b"hx-trigger" in treasurer.get(job, **HTMX).body:  # the page asks again as long as the work goes on
        time.sleep(0.3)
    made = treasurer.get(f"{job}result/")
    assert made.status == 200, f"the work on {job} ended without a file"
    text = pdfium_text(made.body)
    assert [receipt.label for receipt in sheet.receipts if receipt.label not in text] == []
    house.answered.printed.append(ordered)
    house.answered.on_paper += [receipt.pk for receipt in sheet.receipts]
