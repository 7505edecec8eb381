"""Words and pictures of a year's annual report: what there is, and the forms to write, show and order them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.pictures import smaller
from ledger.views.acting import carry_out, forms_shown
from members.year_texts import (
    AUDITOR_NOTE,
    MOST_PICTURES,
    REPORT_PICTURES,
    TEXTS,
    WrittenMeanwhile,
    add_picture,
    change_caption,
    keep_auditor_note,
    keep_year_words,
    move_forward,
    pictures_of,
    remove_picture,
    stamp_of,
    year_words,
)
from office.attachments import JPEG, stored_path
from office.interrupted import hold_files
from office.models import Attachment
from reports.forms_year_texts import (
    NOTE_ASKED,
    WORDS_ASKED,
    CaptionForm,
    PictureForm,
    YearWordsForm,
)
from reports.years import report_year, report_years

ON_THE_PAGE = 480  # px, the longer side of a picture on the page


def of_a_year(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A year that the books know nothing of has no report: its sentence appears on the page of reports."""

    @wraps(view)
    def shown(request: HttpRequest, year_be: int, **kwargs: Any) -> HttpResponse:
        try:
            report_year(year_be, today=request.today)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("reports:reports")
        return view(request, year_be, **kwargs)

    return shown


@require_safe
@of_a_year
def texts(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET /reports/<year>/words/: what is written and shown of the year, and what is still empty."""
    words = year_words(year_be)
    context = {
        "year_be": year_be,
        "years": [one.year_be for one in report_years(request.today)],
        "texts": [(label, words[name]) for name, label in TEXTS.items()],
        "auditor_note": words[AUDITOR_NOTE],
        "pictures": [(one, RequestForm(auto_id=False)) for one in pictures_of(year_be)],
        "most": MOST_PICTURES,
    }
    return render(request, "reports/year_texts.html", context)


@forms_shown
@of_a_year
def write(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET, POST /reports/<year>/words/write/: the chair's message, the plan, remarks; kept however far they are."""
    form = _words_form(request, year_be, WORDS_ASKED)
    kept = _save_words(request, form, lambda typed: keep_year_words(form.words(), **_act(request, typed, year_be)))
    if kept is not None:
        return _saved(request, year_be)
    return _form_page(request, year_be, form, _("Words of the annual report %(year)s"))


@forms_shown
@of_a_year
def auditor_note(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET, POST /reports/<year>/auditor-note/: by the auditor alone."""
    form = _words_form(request, year_be, NOTE_ASKED)

    def act(typed: dict[str, Any]) -> Any:
        return keep_auditor_note(form.words()[AUDITOR_NOTE], **_act(request, typed, year_be))

    if _save_words(request, form, act) is not None:
        return _saved(request, year_be)
    return _form_page(request, year_be, form, _("The auditor's note %(year)s"))


def _words_form(request: HttpRequest, year_be: int, labels: dict[str, Any]) -> YearWordsForm:
    stamp = stamp_of(year_be, *labels)
    return YearWordsForm(request.POST or None, words=year_words(year_be), labels=labels, stamp=stamp)


def _act(request: HttpRequest, typed: dict[str, Any], year_be: int) -> dict[str, Any]:
    who = {"by": request.user, "now": request.now, "request_id": typed["request_id"]}
    return who | {"year_be": year_be, "seen": typed["seen"]}


def _save_words(request: HttpRequest, form: YearWordsForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What was kept; where somebody else saved meanwhile, what is saved now stands beside what was typed."""

    def watched(typed: dict[str, Any]) -> Any:
        try:
            return act(typed)
        except WrittenMeanwhile:
            form.show_saved()
            raise

    return carry_out(request, form, watched)


def _saved(request: HttpRequest, year_be: int) -> HttpResponse:
    messages.success(request, _("The words are saved."))
    return redirect("reports:year_texts", year_be)


def _form_page(request: HttpRequest, year_be: int, form: Any, title: str, **context: Any) -> HttpResponse:
    context |= {"form": form, "title": title % {"year": year_be}, "year_be": year_be}
    return render(request, "reports/year_texts_form.html", context)


# --- pictures -----------------------------------------------------------------------------------------------


def _picture(year_be: int, key: int) -> Attachment:
    return get_object_or_404(Attachment, pk=key, owner_kind=REPORT_PICTURES, owner_id=year_be, content_type=JPEG)


@require_safe
@of_a_year
def picture(request: HttpRequest, year_be: int, key: int) -> HttpResponse:
    """GET /reports/<year>/pictures/<key>.jpg: small, as the page shows it."""
    path = stored_path(_picture(year_be, key).stored_name)
    if not path.is_file():
        raise Http404
    answer = HttpResponse(smaller(path.read_bytes(), ON_THE_PAGE), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@forms_shown
@of_a_year
def new_picture(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET, POST /reports/<year>/pictures/new/: a photograph and what it shows."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PictureForm(*given)

    def act(typed: dict[str, Any]) -> Attachment:
        who = {"by": request.user, "now": request.now, "request_id": typed["request_id"]}
        return add_picture(typed["file"], caption=form.caption(), year_be=year_be, **who)

    if carry_out(request, form, act):
        messages.success(request, _("The picture is in the report."))
        return redirect("reports:year_texts", year_be)
    hold_files(request, form)
    return _form_page(request, year_be, form, _("A picture for the annual report %(year)s"))


@forms_shown
@of_a_year
def change_picture(request: HttpRequest, year_be: int, key: int) -> HttpResponse:
    """GET, POST /reports/<year>/pictures/<key>/: say anew what it shows, or take it out."""
    paper = _picture(year_be, key)
    caption = next((one.caption for one in pictures_of(year_be) if one.paper.pk == key), None)
    initial = {"caption_th": caption.th, "caption_en": caption.en} if caption else None
    form = CaptionForm(request.POST or None, initial=initial)

    def act(typed: dict[str, Any]) -> Any:
        who = {"by": request.user, "now": request.now, "request_id": typed["request_id"]}
        return change_caption(paper, caption=form.caption(), **who)

    if carry_out(request, form, act) is not None:
        messages.success(request, _("The changes are saved."))
        return redirect("reports:year_texts", year_be)
    return _form_page(request, year_be, form, _("A picture of the annual report %(year)s"), paper=paper)


@require_POST
@of_a_year
def move_picture(request: HttpRequest, year_be: int, key: int) -> HttpResponse:
    """POST /reports/<year>/pictures/<key>/forward/: one place nearer to the front."""
    paper, form = _picture(year_be, key), RequestForm(request.POST)
    if form.is_valid():
        move_forward(paper, by=request.user, now=request.now, request_id=form.cleaned_data["request_id"])
    return redirect("reports:year_texts", year_be)


@require_POST
@of_a_year
def drop_picture(request: HttpRequest, year_be: int, key: int) -> HttpResponse:
    """POST /reports/<year>/pictures/<key>/remove/: for good. A second click finds it gone."""
    paper = Attachment.objects.filter(pk=key, owner_kind=REPORT_PICTURES, owner_id=year_be).first()
    if paper is not None:
        remove_picture(paper, by=request.user)
        messages.success(request, _("The picture is taken out."))
    return redirect("reports:year_texts", year_be)
