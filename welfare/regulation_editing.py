"""A new version of the regulation, written in the browser: from the version before, as text or by its plain figures.

A draft is a text of the format (docs/regulation.md) and lives in the form that holds it. It is checked whole at once;
what is stored stands under a resolution of a meeting and never changes.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import active_language, format_date
from bansong_fund.lib.thai_text import arabic_digits
from members.models import Fund, Meeting, Regulation, Resolution
from office.action_log import log_action
from office.models import User
from office.roles import Role
from welfare.meetings import write_resolution
from welfare.regulations import refuse_as_new, store_document
from welfare.rules.document import BenefitTerms, Name, RegulationDocument, Step, read_regulation
from welfare.rules.words import counted, label
from welfare.transitions import NotYours

# What stands as the reference of a draft; the resolution's number takes its place.
NOT_RESOLVED = "รอมติที่ประชุม"
MOST_LETTERS = 250
_WHOLE = re.compile(r"(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[0-9]{1,18}\.[0-9]{1,18}")
_LIMITS = (
    "units_per_event",
    "baht_per_event",
    "units_per_year",
    "baht_per_year",
    "claims_per_year",
    "claims_per_lifetime",
    "quota_per_community",
    "fund_baht_per_year",
)

Path = tuple[str | int, ...]


# --- a document as text -------------------------------------------------------------------------------------


class _Writer(yaml.SafeDumper):
    """Writes figures as a file has them: no quotes, no float."""


_Writer.add_representer(Decimal, lambda writer, value: writer.represent_scalar("tag:yaml.org,2002:float", str(value)))


def write_text(document: RegulationDocument) -> str:
    """The document as YAML text of the format; `read_regulation` gives an equal one back."""
    return _as_text(_plain(document))


def new_draft(base: RegulationDocument, *, effective_from: date) -> RegulationDocument:
    """The version that a new one begins from, with the new day and a reference that waits for its resolution."""
    return base.model_copy(update={"effective_from": effective_from, "reference": NOT_RESOLVED})


def _plain(document: RegulationDocument) -> dict[str, Any]:
    plain: dict[str, Any] = _simple(document.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True))
    for benefit in plain["benefits"]:
        if "evidence" in benefit:
            benefit["evidence"] = [papers[0] if len(papers) == 1 else papers for papers in benefit["evidence"]]
    return plain


def _simple(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _simple(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_simple(inner) for inner in value]
    return _figure(value) if isinstance(value, Decimal) else value


def _figure(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _as_text(plain: dict[str, Any]) -> str:
    return yaml.dump(plain, Dumper=_Writer, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1_000)


# --- the plain figures of a version -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainField:
    """A figure or name that may be typed: where it stands, its label, its value as text ("" where it is left out).

    `group` names the benefit whose it is, "" for the membership. A field that may be left out `is_optional`.
    """

    path: Path
    label: str
    value: str
    group: str = ""
    is_optional: bool = False
    is_text: bool = False

    @property
    def place(self) -> str:
        """The place as faults name it: `benefits[2].pays.flat`."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return "".join(steps).removeprefix(".")


def plain_fields(document: RegulationDocument) -> list[PlainField]:
    """The common things of a version: names, amounts of each way of paying, limits, waiting, ages, deadlines."""
    return [
        *_of_membership(document),
        *(field for index in range(len(document.benefits)) for field in _of(document, index)),
    ]


def _of_membership(document: RegulationDocument) -> Iterator[PlainField]:
    terms = document.membership
    yield from _name_fields(("name",), document.name, "")
    labels = {
        ("entry_fee",): (_("Entry fee, baht"), terms.entry_fee),
        ("dues", "baht"): (_("Dues, baht"), terms.dues.baht),
        ("waiting_days",): (_("Waiting period, days"), terms.waiting_days),
        ("suspend_after_days",): (_("Rights are suspended after, days"), terms.suspend_after_days),
        ("lapse_after_days",): (_("Due to lapse after, days"), terms.lapse_after_days),
    }
    for path, (text, value) in labels.items():
        yield PlainField(("membership", *path), text, _typed_as(value))


def _of(document: RegulationDocument, index: int) -> Iterator[PlainField]:
    benefit, place = document.benefits[index], ("benefits", index)
    group = benefit.name.in_language(active_language())
    yield from _name_fields((*place, "name"), benefit.name, group)
    for path, text, value in _amounts(benefit):
        yield PlainField((*place, "pays", *path), text, _typed_as(value), group)
    requires = benefit.requires
    optional = [
        *((("limits", limit), _limit_label(limit), getattr(benefit.limits, limit)) for limit in _LIMITS),
        (("requires", "waiting_days"), _("Waiting period of its own, days"), requires.waiting_days),
        (("requires", "min_age"), _("Least age, years"), requires.min_age),
        (("requires", "max_age"), _("Highest age, years"), requires.max_age),
        (("claim_within_days",), _("Papers are due within, days"), benefit.claim_within_days),
    ]
    for path, text, number in optional:
        yield PlainField((*place, *path), text, _typed_as(number), group, is_optional=True)


def _name_fields(path: Path, name: Name, group: str) -> Iterator[PlainField]:
    yield PlainField((*path, "th"), _("Name in Thai"), name.th, group, is_text=True)
    yield PlainField((*path, "en"), _("Name in English"), name.en, group, is_text=True)


def _amounts(benefit: BenefitTerms) -> Iterator[tuple[Path, str, Decimal]]:
    pays, language = benefit.pays, active_language()
    if pays.flat is not None:
        yield ("flat",), _("Pays, baht"), pays.flat
    if pays.per is not None:
        unit = label("unit", pays.per.unit, language)
        yield ("per", "baht"), _("Pays for each %(unit)s, baht") % {"unit": unit}, pays.per.baht
    for index, step in enumerate(pays.by_tenure or ()):
        yield ("by_tenure", index, "baht"), _("From %(span)s of membership, baht") % _span(step, language), step.baht
    for index, step in enumerate(pays.by_age or ()):
        yield ("by_age", index, "baht"), _("From the age of %(span)s, baht") % _span(step, language), step.baht
    for grade, baht in (pays.by_grade or {}).items():
        yield ("by_grade", grade), _("%(grade)s, baht") % {"grade": label("grade", grade, language)}, baht
    if pays.up_to is not None:
        yield ("up_to",), _("The committee sets the sum; at most, baht"), pays.up_to
    if pays.percent_of_loss is not None:
        yield ("percent_of_loss", "percent"), _("Percent of the loss"), pays.percent_of_loss.percent
        if pays.percent_of_loss.up_to is not None:
            yield ("percent_of_loss", "up_to"), _("At most, baht"), pays.percent_of_loss.up_to


def _span(step: Step, language: str) -> dict[str, str]:
    years = step.since.years
    told = counted(years, "years", language) if years is not None else counted(step.since.days or 0, "days", language)
    return {"span": told}


def _limit_label(limit: str) -> str:
    return {
        "units_per_event": _("At most of them (nights, children …) for one event"),
        "baht_per_event": _("At most baht for one event"),
        "units_per_year": _("At most of them (nights, children …) in a year"),
        "baht_per_year": _("At most baht in a year"),
        "claims_per_year": _("At most claims in a year"),
        "claims_per_lifetime": _("At most claims in a lifetime"),
        "quota_per_community": _("At most claims in a year and community"),
        "fund_baht_per_year": _("At most baht in a year for the whole fund"),
    }[limit]


def _typed_as(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    return str(_figure(value)) if isinstance(value, Decimal) else str(value)


def text_with(base: RegulationDocument, typed: Mapping[str, str], *, effective_from: date) -> str:
    """The text of the base version with what was typed, by place; not checked: what is no figure stands as typed."""
    plain = _plain(base)
    plain |= {"effective_from": effective_from, "reference": NOT_RESOLVED}
    for field in plain_fields(base):
        value = typed.get(field.place, field.value).strip()
        if value != field.value:
            _put(plain, field, value if field.is_text else _read_figure(value))
    return _as_text(plain)


def _read_figure(value: str) -> str | int | Decimal:
    """A figure as people type it, with Thai digits or thousands; what is none stays text, for the check to refuse."""
    text = arabic_digits(value).replace(",", "")
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else value


def _put(plain: dict[str, Any], field: PlainField, value: str | int | Decimal) -> None:
    *way, last = field.path
    here: Any = plain
    for step in way:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    if value == "" and field.is_optional:
        here.pop(last, None)
        if not here and way[-1] in ("limits", "requires"):  # an empty group is a group half written
            plain["benefits"][field.path[1]].pop(way[-1])
    else:
        here[last] = value


# --- checking and storing -----------------------------------------------------------------------------------


def check_draft(text: str) -> RegulationDocument:
    """The document of a draft that could be stored.

    Raises `RegulationFaults` with every fault and its place, `DateTaken`, `ReachesBehindDecisions`.
    """
    document = read_regulation(text)
    refuse_as_new(document)
    return document


def version_followed(document: RegulationDocument) -> Regulation | None:
    """The version that a draft would follow: the newest that starts before it."""
    earlier = Regulation.objects.filter(effective_from__lt=document.effective_from)
    return earlier.defer("document").order_by("-effective_from").first()


@transaction.atomic
def store_version(
    *, text: str, meeting: Meeting, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> Regulation:
    """Store a draft as the next version under a new resolution of a meeting held. The same request stores once.

    The resolution's number becomes its reference, behind what the draft says there. Raises `NotYours`, `MeetingDay`,
    and what `check_draft` raises: then neither version nor resolution is written.
    """
    Fund.objects.select_for_update().get()  # one version is stored at a time
    found = Resolution.objects.filter(request_id=request_id).select_related("meeting").first()
    if found is not None:
        return Regulation.objects.get(reference__endswith=_resolved(found))
    if not by.has_role(Role.COMMITTEE):
        raise NotYours(_("A new version of the regulation is stored by the committee. Give the draft to one of them."))
    document = check_draft(text)
    day = {"day": format_date(document.effective_from)}
    resolution = write_resolution(
        meeting=meeting,
        subject=_("A new version of the regulation, in force from %(day)s") % day,
        text=document.name.in_language(active_language()),
        by=by,
        today=today,
        now=now,
        request_id=request_id,
    )
    stored = store_document(_with_reference(document, resolution), by=by, now=now)
    log_action(by, "regulation-stored", subject=stored, day=document.effective_from.isoformat(), sha256=stored.sha256)
    return stored


def _with_reference(document: RegulationDocument, resolution: Resolution) -> RegulationDocument:
    resolved = _resolved(resolution)
    before = "" if document.reference == NOT_RESOLVED else f"{document.reference} · "
    return document.model_copy(update={"reference": before[: MOST_LETTERS - len(resolved)] + resolved})


def _resolved(resolution: Resolution) -> str:
    """The resolution as a regulation names it, in Thai: it is a text of the document, the same for every reader."""
    with translation.override("th"):
        told = {"kind": resolution.meeting.get_kind_display(), "number": resolution.label}
        return _("Resolution of the %(kind)s no. %(number)s") % told
