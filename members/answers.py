"""What papers ask and no table knows: asked for once, kept with who said it and when, and never written over."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from bansong_fund.lib.papers import Words
from members.models import PaperAnswer
from office.models import User

FOR_GOOD = 0  # the year of an answer that holds whatever the year


def answers_of(year_be: int, questions: Iterable[str] | None = None) -> dict[str, Words]:
    """The newest answer to each question, by its name: those of the year, and those for good. One query."""
    found = PaperAnswer.objects.filter(year_be__in=(FOR_GOOD, year_be))
    if questions is not None:
        found = found.filter(question__in=list(questions))
    newest = found.order_by("year_be", "question", "-pk").distinct("year_be", "question")
    return {answer.question: Words(answer.text_th, answer.text_en) for answer in newest}


@transaction.atomic
def keep_answers(
    answers: Mapping[str, Words], *, year_be: int, by: User, now: datetime, request_id: uuid.UUID
) -> list[PaperAnswer]:
    """Keep what changed of these answers; the same `request_id` keeps them once.

    An answer that is emptied is kept as an empty one.
    """
    known = answers_of(year_be, answers)
    changed = {name: said for name, said in answers.items() if said != known.get(name, Words(""))}
    kept = [
        PaperAnswer(
            question=name,
            year_be=year_be,
            text_th=said.th,
            text_en=said.en,
            answered_by=by,
            answered_at=now,
            request_id=request_id,
        )
        for name, said in changed.items()
    ]
    return PaperAnswer.objects.bulk_create(kept, ignore_conflicts=True)
