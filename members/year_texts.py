"""The words and pictures of a year's annual report, which no table knows: written once, kept half-finished too."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.papers import Words
from members.answers import answers_of, keep_answers
from members.models import Fund, PaperAnswer
from office.action_log import log_action
from office.attachments import JPEG, FileRefused, drop_attachment, keep_attachment, take_file
from office.models import Attachment, User
from office.roles import WHOLE_FUND_ROLES, Role

REPORT_PICTURES = "annual-report"  # the attachments' kind of owner; its id is the year B.E.
MOST_PICTURES = 12
AUDITOR_NOTE = "auditor-note"
# What the page of a year asks for, in the order of the report; the agenda is for the papers of the assembly.
TEXTS = {
    "chair-message": gettext_lazy("The chair's message"),
    "next-plan": gettext_lazy("Plan for the next year"),
    "remarks": gettext_lazy("Other resolutions and remarks"),
    "agenda": gettext_lazy("Agenda of the Annual General Meeting"),
}
_ORDER = "picture-order"


class WrittenMeanwhile(DomainError):
    """Somebody else saved a text after this page was opened."""


class AuditorsOnly(DomainError):
    """What stands in the auditor's note is the auditor's alone."""


class TooManyPictures(DomainError):
    """A report shows a dozen pictures at most."""


class CaptionMissing(DomainError):
    """Whoever cannot see a picture is told what it shows."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph of the report with its caption, which is read out in its place, too."""

    paper: Attachment
    caption: Words


def sees_report_pictures(user: User, _year_be: int) -> bool:
    """Whether the user may see the photographs of a report before it is printed."""
    return user.has_role(*WHOLE_FUND_ROLES)


# --- words --------------------------------------------------------------------------------------------------


def year_words(year_be: int) -> dict[str, Words]:
    """The words of a year's report by question, the auditor's note among them; what nobody wrote is empty."""
    known = answers_of(year_be, [*TEXTS, AUDITOR_NOTE])
    return {name: known.get(name, Words("")) for name in (*TEXTS, AUDITOR_NOTE)}


def stamp_of(year_be: int, *questions: str) -> str:
    """Names what is saved now of these questions: a page keeps it and says it again when it saves."""
    newest = PaperAnswer.objects.filter(year_be=year_be, question__in=questions).order_by("-pk").first()
    return str(newest.pk) if newest else ""


@transaction.atomic
def keep_year_words(
    words: Mapping[str, Words], *, year_be: int, seen: str, by: User, now: datetime, request_id: uuid.UUID
) -> list[PaperAnswer]:
    """Keep the words of `TEXTS` that changed. The same `request_id` keeps them once.

    `seen` is the `stamp_of` these questions when the page was opened; raises `WrittenMeanwhile` where another stands.
    """
    wanted = {name: words[name] for name in TEXTS if name in words}
    return _keep(wanted, seen, year_be=year_be, by=by, now=now, request_id=request_id)


@transaction.atomic
def keep_auditor_note(
    note: Words, *, year_be: int, seen: str, by: User, now: datetime, request_id: uuid.UUID
) -> list[PaperAnswer]:
    """Keep what the auditor says of the year. Raises `AuditorsOnly`, `WrittenMeanwhile`."""
    if not by.has_role(Role.AUDITOR):
        raise AuditorsOnly(_("Only an auditor writes the auditor's note. Ask one of them."))
    return _keep({AUDITOR_NOTE: note}, seen, year_be=year_be, by=by, now=now, request_id=request_id)


def _keep(
    words: dict[str, Words], seen: str, *, year_be: int, by: User, now: datetime, request_id: uuid.UUID
) -> list[PaperAnswer]:
    _one_at_a_time()
    if PaperAnswer.objects.filter(request_id=request_id).exists():
        return []
    if seen != stamp_of(year_be, *words):
        message = _(
            "Somebody else saved these words after you had opened this page. What you typed is still here; what is"
            " saved now stands beside it. Put them together and save again."
        )
        raise WrittenMeanwhile(message)
    return keep_answers(words, year_be=year_be, by=by, now=now, request_id=request_id)


def _one_at_a_time() -> None:
    Fund.objects.select_for_update().get()  # a second click waits here for the first


# --- pictures -----------------------------------------------------------------------------------------------


def pictures_of(year_be: int) -> list[Picture]:
    """The photographs of a year's report in the order that was chosen; a new one comes last. Two queries."""
    papers = Attachment.objects.filter(owner_kind=REPORT_PICTURES, owner_id=year_be, content_type=JPEG).order_by("pk")
    found = {paper.pk: paper for paper in papers}
    said = answers_of(year_be, [_ORDER, *map(_caption, found)])
    chosen = [int(key) for key in said.get(_ORDER, Words("")).th.split()]
    order = [*(key for key in chosen if key in found), *(key for key in found if key not in chosen)]
    return [Picture(found[key], said.get(_caption(key), Words(""))) for key in order]


@transaction.atomic
def add_picture(
    file: File, *, caption: Words, year_be: int, by: User, now: datetime, request_id: uuid.UUID
) -> Attachment:
    """A photograph for a year's report, at most `MOST_PICTURES`. The same `request_id` adds it once.

    Raises `FileRefused` at `file`, `CaptionMissing`, `TooManyPictures`.
    """
    _one_at_a_time()
    kept = Attachment.objects.filter(request_id=request_id).first()
    if kept is not None:
        return kept
    _refuse_no_caption(caption)
    refuse_no_picture(file)
    if Attachment.objects.filter(owner_kind=REPORT_PICTURES, owner_id=year_be).count() >= MOST_PICTURES:
        message = _("The report of %(year)s has %(most)d pictures already. Take one out first.")
        raise TooManyPictures(message % {"year": year_be, "most": MOST_PICTURES}, field="file")
    about = {"owner_kind": REPORT_PICTURES, "owner_id": year_be, "purpose": "photograph", "field": "file"}
    paper = keep_attachment(file, **about, by=by, now=now, request_id=request_id)
    keep_answers({_caption(paper.pk): caption}, year_be=year_be, by=by, now=now, request_id=request_id)
    log_action(by, "picture-added", year=year_be, caption=caption.th[:100])
    return paper


def refuse_no_picture(file: File) -> None:
    """Raise `FileRefused` at `file` unless it is a photograph: a PDF is taken for other papers, not here."""
    if take_file(file, field="file").content_type != JPEG:
        message = _("%(name)s is a PDF. The report shows photographs: choose a JPEG, PNG or WebP.")
        raise FileRefused(message % {"name": file.name}, field="file")


@transaction.atomic
def change_caption(
    paper: Attachment, *, caption: Words, by: User, now: datetime, request_id: uuid.UUID
) -> list[PaperAnswer]:
    """Say anew what a photograph shows. Raises `CaptionMissing`."""
    _refuse_no_caption(caption)
    _one_at_a_time()
    return keep_answers({_caption(paper.pk): caption}, year_be=paper.owner_id, by=by, now=now, request_id=request_id)


@transaction.atomic
def move_forward(paper: Attachment, *, by: User, now: datetime, request_id: uuid.UUID) -> None:
    """Put a photograph one place nearer to the front. The same `request_id` moves it once."""
    _one_at_a_time()
    if PaperAnswer.objects.filter(request_id=request_id).exists():
        return
    order = [picture.paper.pk for picture in pictures_of(paper.owner_id)]
    place = order.index(paper.pk) if paper.pk in order else 0
    if place == 0:
        return
    order[place - 1], order[place] = order[place], order[place - 1]
    keys = Words(" ".join(map(str, order)))
    keep_answers({_ORDER: keys}, year_be=paper.owner_id, by=by, now=now, request_id=request_id)


@transaction.atomic
def remove_picture(paper: Attachment, *, by: User) -> None:
    """Take a photograph out of the report for good; a second click finds it gone."""
    _one_at_a_time()
    found = Attachment.objects.filter(pk=paper.pk, owner_kind=REPORT_PICTURES).first()
    if found is None:
        return
    caption = answers_of(found.owner_id, [_caption(found.pk)]).get(_caption(found.pk), Words(""))
    log_action(by, "picture-removed", year=found.owner_id, caption=caption.th[:100])
    drop_attachment(found)


def _caption(key: int) -> str:
    return f"picture-{key}"


def _refuse_no_caption(caption: Words) -> None:
    if not caption.th.strip():
        message = _("Say in a few words what the picture shows: it is read out to whoever cannot see it.")
        raise CaptionMissing(message, field="caption_th")
