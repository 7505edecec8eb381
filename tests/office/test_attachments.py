"""What is taken as a paper, how it is made harmless, who may read it."""

import hashlib
import importlib
import io
import uuid
from datetime import UTC, datetime

import pikepdf
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.datastructures import MultiValueDict
from PIL import Image

from office import attachments
from office.attachments import FileRefused, keep_attachment, stored_path, take_file
from office.fields import AttachmentsField
from office.models import Attachment, ReadingLog
from tests.factories import make_fund, make_user

pytestmark = pytest.mark.usefixtures("in_english")
NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)


def _picture(size: tuple[int, int] = (300, 200), kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "red").save(target, kind, **options)
    return target.getvalue()


def _pdf(**root: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _file(content: bytes, name: str = "ใบรับรอง.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _refusal(content: bytes, name: str = "ใบรับรอง.jpg") -> str:
    with pytest.raises(FileRefused) as refused:
        take_file(_file(content, name), field="papers")
    assert refused.value.field == "papers"
    return str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_as_jpeg(kind: str) -> None:
    taken = take_file(_file(_picture(kind=kind)))
    with Image.open(io.BytesIO(taken.content)) as picture:
        assert (picture.format, picture.size, taken.content_type) == ("JPEG", (300, 200), "image/jpeg")


def test_a_large_picture_is_kept_at_two_thousand_pixels() -> None:
    taken = take_file(_file(_picture((3000, 1500))))
    with Image.open(io.BytesIO(taken.content)) as picture:
        assert picture.size == (2000, 1000)


def test_a_picture_is_turned_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Camera of somebody"
    exif.get_ifd(0x8825)[1] = "N"
    taken = take_file(_file(_picture(exif=exif)))
    with Image.open(io.BytesIO(taken.content)) as picture:
        assert (picture.size, dict(picture.getexif()), picture.info.get("exif")) == ((200, 300), {}, None)


def test_a_transparent_picture_stands_on_white() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(take_file(_file(target.getvalue())).content)) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_is_kept_as_it_is() -> None:
    content = _pdf()
    taken = take_file(_file(content, "ใบรับรอง.jpg"))
    assert (taken.content_type, taken.content) == ("application/pdf", content)


def test_a_text_with_the_name_of_a_picture_is_refused() -> None:
    assert _refusal(b"hello") == (
        "ใบรับรอง.jpg is not a picture or PDF, whatever its name says. Photograph the paper (JPEG, PNG) or scan it."
    )


def test_a_program_with_the_name_of_a_picture_is_refused() -> None:
    assert _refusal(b"MZ\x90\x00" + bytes(100)) == (
        "ใบรับรอง.jpg is a program, whatever its name says, and is not taken. Photograph the paper instead."
    )


def test_a_file_over_ten_megabytes_is_refused_with_its_size() -> None:
    assert _refusal(bytes(11 * 1024 * 1024)) == (
        "ใบรับรอง.jpg has 11.0 MB; at most 10 MB are taken. Photograph it smaller."
    )


def test_an_empty_file_is_refused() -> None:
    assert _refusal(b"") == "ใบรับรอง.jpg is empty. Choose the file again."


def test_a_damaged_picture_is_refused() -> None:
    assert _refusal(_picture()[:400]) == (
        "ใบรับรอง.jpg: The picture is damaged and cannot be read. Photograph it again."
    )


def test_half_a_picture_is_refused_where_papers_are_drawn_too() -> None:
    importlib.import_module("bansong_fund.lib.pdf")  # WeasyPrint has Pillow take halves, in the whole process
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(whole, "JPEG")
    assert _refusal(whole.getvalue()[:-9000]) == (
        "ใบรับรอง.jpg: The picture is damaged and cannot be read. Photograph it again."
    )


def test_a_picture_that_would_unfold_to_gigabytes_is_refused_before_it_is_decoded() -> None:
    target = io.BytesIO()
    Image.new("1", (15_000, 15_000)).save(target, "PNG")
    assert len(target.getvalue()) < 100_000
    assert _refusal(target.getvalue()) == (
        "ใบรับรอง.jpg: The picture has more than 100 million pixels. Photograph it smaller."
    )


def test_a_pdf_with_a_program_in_it_is_refused() -> None:
    act = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
    assert _refusal(_pdf(OpenAction=act), "paper.pdf") == (
        "paper.pdf: The PDF carries a program or other files and is not taken. Print it and scan the paper."
    )


def test_a_pdf_with_a_file_in_it_is_refused() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["virus.exe"] = b"MZ"
    target = io.BytesIO()
    document.save(target)
    assert "carries a program or other files" in _refusal(target.getvalue(), "paper.pdf")


def test_a_damaged_pdf_is_refused() -> None:
    assert _refusal(b"%PDF-1.7 nothing", "paper.pdf") == (
        "paper.pdf: The PDF is damaged and cannot be read. Scan the paper again."
    )


def test_a_locked_pdf_is_refused() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    target = io.BytesIO()
    document.save(target, encryption=pikepdf.Encryption(user="x", owner="y"))
    assert _refusal(target.getvalue(), "paper.pdf") == (
        "paper.pdf: The PDF is locked with a password. Save it without one and try again."
    )


def _keep(by, **given: object) -> Attachment:
    standard = {"owner_kind": "thing", "owner_id": 7, "purpose": "certificate", "by": by, "now": NOW}
    return keep_attachment(_file(_picture()), **standard | given)


def test_a_kept_paper_lies_under_a_random_name_with_its_fingerprint(db) -> None:
    paper = _keep(make_user("leader"))
    content = stored_path(paper.stored_name).read_bytes()
    assert (paper.sha256, paper.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (paper.original_name, paper.content_type, paper.uploaded_at) == ("ใบรับรอง.jpg", "image/jpeg", NOW)
    assert "ใบรับรอง" not in paper.stored_name
    assert stored_path(paper.stored_name).stat().st_mode & 0o777 == 0o600


def test_a_paper_sent_twice_is_kept_once(db) -> None:
    user, request_id = make_user("leader"), uuid.uuid4()
    assert _keep(user, request_id=request_id) == _keep(user, request_id=request_id)
    assert Attachment.objects.count() == 1


class _PapersForm(forms.Form):
    papers = AttachmentsField(required=True)


def test_several_papers_come_through_one_field() -> None:
    form = _PapersForm({}, MultiValueDict({"papers": [_file(_picture(), "1.jpg"), _file(_pdf(), "2.pdf")]}))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["papers"]] == ["1.jpg", "2.pdf"]


def test_one_wrong_paper_among_several_is_named_at_the_field() -> None:
    form = _PapersForm({}, MultiValueDict({"papers": [_file(_picture(), "1.jpg"), _file(b"MZ", "2.jpg")]}))
    assert form.errors["papers"] == [
        "2.jpg is a program, whatever its name says, and is not taken. Photograph the paper instead."
    ]


def test_a_needed_paper_that_is_missing_is_asked_for() -> None:
    assert _PapersForm({}, MultiValueDict()).errors["papers"] == ["Add a photograph or PDF of the paper."]


@pytest.fixture
def owned_by(monkeypatch) -> None:
    monkeypatch.setitem(attachments.ATTACHMENT_OWNERS, "thing", lambda user, owner_id: user.username == "owner")


def _get(user, paper: Attachment):
    client = Client()
    client.force_login(user)
    return client.get(f"/papers/{paper.pk}/")


@pytest.mark.usefixtures("owned_by")
def test_who_may_see_the_owner_gets_the_paper_and_the_reading_is_logged(db) -> None:
    make_fund()
    owner = make_user("leader", username="owner")
    paper = _keep(owner)
    answer = _get(owner, paper)
    assert b"".join(answer.streaming_content) == stored_path(paper.stored_name).read_bytes()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="certificate-{paper.pk}.jpg"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert list(ReadingLog.objects.values_list("user", "subject_kind", "subject_id", "what")) == [
        (owner.pk, "thing", 7, "attachment")
    ]


@pytest.mark.usefixtures("owned_by")
def test_who_may_not_see_the_owner_gets_404_and_no_line_in_the_log(db) -> None:
    make_fund()
    paper = _keep(make_user("leader", username="owner"))
    assert _get(make_user("administrator"), paper).status_code == 404
    assert ReadingLog.objects.count() == 0


def test_a_paper_of_a_kind_without_an_answer_is_seen_by_nobody(db) -> None:
    make_fund()
    user = make_user("leader", username="owner")
    assert _get(user, _keep(user)).status_code == 404
