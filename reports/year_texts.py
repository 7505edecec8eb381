"""The words, people and pictures of the annual report, and what of the year stands beside members and money."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bansong_fund.lib.paper_tags import languages_of
from bansong_fund.lib.papers import Words
from bansong_fund.lib.pdf import Language
from bansong_fund.lib.pictures import smaller
from members.committee import chair_of, seats_between
from members.models import CommitteeSeat, Fund, Meeting, SeatKind
from members.rolls import day_style
from members.year_texts import Picture, pictures_of, year_words
from office.attachments import stored_path
from reports.figures.the_year import year_beside
from reports.words import in_both
from reports.years import ReportYear

PICTURE_SIDE = 1100  # px: 170 mm at some 165 dots an inch, which a copier cannot tell from more
Text = list[tuple[str, list[str]]]


def year_texts(year: ReportYear, language: Language) -> dict[str, Any]:
    """What the templates of the chapters beside the figures show; a chapter without content is empty."""
    words = {name.replace("-", "_"): paragraphs(said, language) for name, said in year_words(year.year_be).items()}
    beside = year_beside(year.first, year.last)
    seats = list(seats_between(year.first, year.last))
    chair = chair_of(seat for seat in seats if seat.until is None or seat.until >= year.last)
    founded_on = Fund.objects.get().founded_on
    return {
        **words,
        "committee": [_seat(seat, year, founded_on) for seat in seats],
        "chair": _seat(chair, year, founded_on) if chair else None,
        "events": [(_named(one.campaign), one) for one in beside.events],
        "has_target": any(one.campaign.target for one in beside.events),
        "partner_rows": [(_named(one), Words(one.work_th, one.work_en), one) for one in beside.partners],
        "care": beside.care,
        "care_rows": [(_named(place), figures) for place, figures in beside.care.rows],
        "resolutions": [(in_both(Meeting.Kind(one.meeting.kind).label), one) for one in beside.resolutions],
        "day_style": day_style(language),
        "pictures": pictures_of(year.year_be),
    }


def paragraphs(said: Words, language: Language) -> Text:
    """A text as the paper shows it: ("th", its paragraphs) and ("en", …); English where it is missing is Thai."""
    texts = {"th": said.th, "en": said.en}
    wanted = [code for code in languages_of(language) if texts[code].strip()]
    if not wanted:
        wanted = [code for code in ("th", "en") if texts[code].strip()][:1]
    return [(code, [line.strip() for line in texts[code].splitlines() if line.strip()]) for code in wanted]


def shown_pictures(
    pictures: Sequence[Picture], language: Language
) -> tuple[list[tuple[str, Words, str]], dict[str, bytes]]:
    """(name, caption, what is read out) of each picture, and what stands behind the names for `attachment:`.

    Each is made as small as paper needs, one after the other; a picture whose file is lost is left out.
    """
    shown, found = [], {}
    for one in pictures:
        path = stored_path(one.paper.stored_name)
        if path.is_file():
            name = f"{one.paper.pk}.jpg"
            found[name] = smaller(path.read_bytes(), PICTURE_SIDE)
            shown.append((name, one.caption, _spoken(one.caption, language)))
    return shown, found


def _spoken(caption: Words, language: Language) -> str:
    return " / ".join(dict.fromkeys(caption.in_language(code) for code in languages_of(language)))


def _seat(seat: CommitteeSeat, year: ReportYear, founded_on: date) -> dict[str, Any]:
    """What the public paper says of a seat: no phone; its days only where it began or ended within the year.

    Who sat from the fund's first day on needs no day.
    """
    return {
        "name": Words(seat.name, seat.name_en),
        "post": Words(seat.post_th, seat.post_en),
        "community_post": seat.community_post,
        "kind": in_both(SeatKind(seat.kind).label),
        "since": seat.since if seat.since > max(year.first, founded_on) else None,
        "until": seat.until if seat.until and seat.until < year.last else None,
    }


def _named(thing: Any) -> Words:
    return Words(thing.name_th, thing.name_en)
