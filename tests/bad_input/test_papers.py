"""Papers handed in: too large, not what their names say, damaged; and a paper is not lost to a slip elsewhere."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from office.models import Attachment, InterruptedForm
from tests.bad_input import house as forms
from tests.bad_input.house import House, Sent, booked, browser_of, refusals, send, shown, standing_in
from welfare.models import Claim

MEGABYTE = 1024 * 1024


def picture(kind: str = "JPEG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, kind)
    return target.getvalue()


def locked_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


def program_in_pdf() -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(target)
    return target.getvalue()


def file(name: str, content: bytes, kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


WRONG_FILES = {
    "ใบรับรอง.jpg": (b"MZ" + b"\0" * 100, "ใบรับรอง.jpg is a program, whatever its name says, and is not taken."),
    "certificate.pdf": (b"#!/bin/sh\n", "certificate.pdf is a program, whatever its name says, and is not taken."),
    "page.jpg": (
        b"<html><script>alert(1)</script></html>",
        "page.jpg is not a picture or PDF, whatever its name says.",
    ),
    "book.png": (b"PK\x03\x04" + b"\0" * 50, "book.png is not a picture or PDF, whatever its name says."),
    "half.jpg": (picture()[:200], "half.jpg: The picture is damaged and cannot be read. Photograph it again."),
    "half.pdf": (b"%PDF-1.7 nothing", "half.pdf: The PDF is damaged and cannot be read. Scan the paper again."),
    "locked.pdf": (locked_pdf(), "locked.pdf: The PDF is locked with a password."),
    "clever.pdf": (program_in_pdf(), "clever.pdf: The PDF carries a program or other files and is not taken."),
    "empty.jpg": (b"", None),
    "large.jpg": (picture() + b"\0" * (10 * MEGABYTE), "large.jpg has 10.0 MB; at most 10 MB are taken."),
}


def add_papers(house: House, content: SimpleUploadedFile) -> Sent:
    claim = house.cast.submitted()
    fields = {
        "kind": "hospital-certificate",
        "files": content,
        "consent": "on",
        "request_id": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a01",
    }
    return Sent(house.cast.leader, forms.claim_path(claim, "papers/"), fields)


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_answered_at_its_field_and_the_claim_stays_typed(house: House, name: str) -> None:
    content, sentence = WRONG_FILES[name]
    before = booked()
    answer = send(forms.claim(house).with_fields(paper_0=file(name, content)))
    found = refusals(answer)
    assert list(found) == ["paper_0"]
    assert sentence is None or found["paper_0"][0].startswith(sentence)
    assert standing_in(answer, "note") == "มาด้วยรถสองแถว"
    assert [standing_in(answer, f"event_until_{part}") for part in ("day", "month", "year")] == ["8", "10", "2563"]
    assert booked() == before


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_that_comes_later_is_answered_at_its_field(house: House, name: str) -> None:
    content, sentence = WRONG_FILES[name]
    sent = add_papers(house, file(name, content))
    answer = send(sent)
    found = refusals(answer)
    assert list(found) == ["files"]
    assert sentence is None or found["files"][0].startswith(sentence)
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("photo.exe", picture(), "image/jpeg"),
        ("photo.pdf", picture("PNG"), "image/jpeg"),
        ("photo", picture("WEBP"), "image/jpeg"),
    ],
)
def test_what_a_paper_is_stands_in_its_content_not_in_its_name(house: House, name, content, kept_as) -> None:
    assert send(forms.claim(house).with_fields(paper_0=file(name, content, "text/plain"))).status_code == 302
    assert Attachment.objects.get().content_type == kept_as


def test_one_byte_below_the_limit_is_taken(house: House) -> None:
    content = picture() + b"\0" * (10 * MEGABYTE - len(picture()))
    assert send(forms.claim(house).with_fields(paper_0=file("large.jpg", content))).status_code == 302
    assert Attachment.objects.count() == 1


def test_papers_sent_twice_by_one_click_are_kept_once(house: House) -> None:
    sent = forms.claim(house)
    for _click in range(2):
        assert send(sent.with_fields(paper_0=file("a.jpg", picture()))).status_code == 302
    later = add_papers_to(house, Claim.objects.get())
    for _click in range(2):
        assert send(later.with_fields(files=file("b.jpg", picture()))).status_code == 302
    assert sorted(Attachment.objects.values_list("original_name", flat=True)) == ["a.jpg", "b.jpg"]


def add_papers_to(house: House, claim: Claim) -> Sent:
    fields = {"kind": "hospital-certificate", "request_id": "0c7d5f0e-8f0a-4b57-9a55-3f2f5f7c9a02"}
    return Sent(house.cast.leader, forms.claim_path(claim, "papers/"), fields)


def hidden(answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def test_a_photograph_is_not_lost_to_a_wrong_day(house: House) -> None:
    sent = forms.claim(house).with_fields(paper_0=file("ใบรับรอง.jpg", picture()))
    client = browser_of(house.cast.leader)
    answer = client.post(sent.path, sent.with_day("event_until", "31", "9", "2563").fields)
    assert list(refusals(answer)) == ["event_until"]
    assert "ใบรับรอง.jpg" in shown(answer)
    again = {name: value for name, value in sent.fields.items() if name != "paper_0"}
    assert client.post(sent.path, again | {"kept_files": hidden(answer, "kept_files")}).status_code == 302
    assert Attachment.objects.get().original_name == "ใบรับรอง.jpg"
    assert InterruptedForm.objects.count() == 0


def test_a_photograph_is_not_lost_to_a_refusal_by_the_rules(house: House) -> None:
    send(forms.claim(house))
    sent = forms.claim(house).with_fields(paper_0=file("ใบรับรอง.jpg", picture()))
    client = browser_of(house.cast.leader)
    answer = client.post(sent.path, sent.fields)
    assert ("already has claim" in shown(answer), "ใบรับรอง.jpg" in shown(answer)) == (True, True)
    changed = forms.day("event_from", forms.date(2020, 10, 9)) | forms.day("event_until", forms.date(2020, 10, 12))
    changed |= forms.day("received_on", forms.date(2020, 10, 12)) | {"kept_files": hidden(answer, "kept_files")}
    again = {name: value for name, value in sent.fields.items() if name != "paper_0"}
    assert client.post(sent.path, again | changed).status_code == 302
    assert Attachment.objects.get().original_name == "ใบรับรอง.jpg"


def test_a_wrong_file_is_not_kept_for_the_next_try(house: House) -> None:
    wrong = forms.claim(house).with_fields(paper_0=file("program.jpg", b"MZ" + b"\0" * 100))
    client = browser_of(house.cast.leader)
    answer = client.post(wrong.path, wrong.fields)
    again = {name: value for name, value in wrong.fields.items() if name != "paper_0"}
    assert client.post(wrong.path, again | {"kept_files": hidden(answer, "kept_files")}).status_code == 302
    assert Attachment.objects.count() == 0


def test_looking_at_what_it_comes_to_keeps_the_photograph(house: House) -> None:
    sent = forms.claim(house).with_fields(paper_0=file("ใบรับรอง.jpg", picture()))
    client = browser_of(house.cast.leader)
    answer = client.post(sent.path, sent.fields | {"look": "1"})
    assert "ใบรับรอง.jpg" in shown(answer)
    again = {name: value for name, value in sent.fields.items() if name != "paper_0"}
    client.post(sent.path, again | {"kept_files": hidden(answer, "kept_files")})
    assert Attachment.objects.get().original_name == "ใบรับรอง.jpg"
