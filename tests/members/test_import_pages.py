"""Bringing in a register in the browser's steps: file, columns, what would happen, written."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from members.importing import vault
from members.models import ImportRun, Member
from office.jobs import run_job
from office.models import ActionLog, ReadingLog
from tests.factories import CommunityFactory, make_fund, make_user
from tests.members.register_files import as_csv, person

START = "/members/import/"


@pytest.fixture
def registrar(fund) -> Client:
    client = Client()
    client.force_login(make_user("registrar"))
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def at_work(committed_db) -> Client:
    """A registrar of a fund whose worker writes: its progress goes through a connection beside the transaction."""
    make_fund()
    CommunityFactory(number=1)
    client = Client()
    client.force_login(make_user("registrar"))
    client.cookies["django_language"] = "en"
    return client


def hand_in(client: Client, content: bytes, name: str = "register.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(START, {"request_id": str(uuid.uuid4()), "file": file})


def columns_of(answer: HttpResponse, **changes: str) -> dict[str, str]:
    """What the page of the columns would send as it stands."""
    form = answer.context["form"]
    fields = {"request_id": str(uuid.uuid4()), "as_of_day": "1", "as_of_month": "11", "as_of_year": "2563"}
    for name in form.fields:
        value = form[name].value()
        if name not in ("request_id", "as_of", "joined_on") and value not in (None, "", False):
            fields[name] = str(value)
    return fields | changes


def work(run: ImportRun) -> ImportRun:
    """What the worker does with it."""
    run.refresh_from_db()
    run_job.call(run.job_id)
    run.refresh_from_db()
    return run


def to_shown(
    client: Client, content: bytes, name: str = "register.csv", **changes: str
) -> tuple[ImportRun, HttpResponse]:
    page = hand_in(client, content, name)["Location"]
    client.post(page, columns_of(client.get(page), **changes))
    run = work(ImportRun.objects.latest("pk"))
    return run, client.get(page)


def confirmation(answer: HttpResponse, **more: str) -> dict[str, str]:
    form = answer.context["form"]
    return {"request_id": str(uuid.uuid4()), "digest": form["digest"].value(), **more}


def test_a_register_goes_the_whole_way(at_work) -> None:
    registrar = at_work
    run, answer = to_shown(registrar, as_csv([person(7), person(8, joined_on="5/5/2640")]))
    assert (run.state, run.counts["new"], run.counts["refused"]) == ("shown", 1, 1)
    assert "The date of joining lies in the future. Correct it." in answer.content.decode()
    registrar.post(f"{START}{run.pk}/confirm/", confirmation(answer))
    run = work(run)
    assert (run.state, [member.number for member in Member.objects.all()]) == ("done", [7])
    assert ActionLog.objects.get(action="register-imported").details["new"] == 1
    assert ReadingLog.objects.filter(what="import").exists()
    page = registrar.get(f"{START}{run.pk}/")
    assert "The register is written" in page.content.decode()
    assert not vault.is_kept(run.stored_name)
