"""What the papers ask and no table knows: each question once, with its words, its kind, and the papers that ask it.

An answer is kept by `members.answers`: for good, or for the year of the paper. Nothing is guessed: a question without
an answer is printed as a dotted line.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.phones import shown_phone
from members.answers import FOR_GOOD, answers_of, keep_answers
from members.models import PaperAnswer
from office.models import User
from reports.words import in_both

TEXT, LONG, CHOICE, YES_NO, NUMBER, PHONE = "text", "long", "choice", "yes-no", "number", "phone"
STATUS, PROPOSAL, MUNICIPALITY, PROVINCE, OFFICE = (
    "codi-status",
    "codi-proposal",
    "municipality",
    "province",
    "provincial-office",
)


@dataclass(frozen=True, slots=True)
class Question:
    """`slug` names it for ever. `by_year`: asked anew each year. `translated`: may be answered in English besides."""

    slug: str
    words: Promise
    papers: tuple[str, ...]
    kind: str = TEXT
    by_year: bool = False
    translated: bool = False
    choices: tuple[tuple[str, Promise], ...] = ()
    help: Promise | str = ""

    @property
    def key(self) -> str:
        """Under which its answers are kept, apart from what other papers ask."""
        return f"funders-{self.slug}"

    @property
    def label(self) -> Words:
        return in_both(self.words)

    def said(self, answer: Words | None) -> Words | int | None:
        """An answer as papers show it: words for a choice, a number for a number; None where there is none."""
        if answer is None or not answer.th.strip():
            return None
        if self.kind == NUMBER:
            return int(answer.th)
        if self.kind == PHONE:
            return Words(shown_phone(answer.th))
        chosen = dict(self.choices).get(answer.th)
        return in_both(chosen) if chosen else answer


YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))
EVERY = (("3", _("Every 3 months")), ("6", _("Every 6 months")), ("12", _("Every 12 months")))


def _yes_no(slug: str, words: Promise, *papers: str) -> Question:
    return Question(slug, words, papers, YES_NO, choices=YES_OR_NO)


QUESTIONS: tuple[Question, ...] = (
    Question("coordinator", _("Coordinator: name and post"), (STATUS, PROPOSAL, MUNICIPALITY, PROVINCE, OFFICE)),
    Question(
        "coordinator-phone", _("Coordinator: phone"), (STATUS, PROPOSAL, MUNICIPALITY, PROVINCE, OFFICE), kind=PHONE
    ),
    Question("chair-address", _("Chair: address"), (STATUS,)),
    Question("coordinator-address", _("Coordinator: address"), (STATUS,)),
    Question(
        "certified-by",
        _("The fund is certified"),
        (STATUS, PROPOSAL, OFFICE),
        CHOICE,
        choices=(
            ("codi", _("By CODI")),
            ("act", _("As a community welfare organisation under the Social Welfare Promotion Act")),
            ("province", _("By the provincial committee")),
            ("not-yet", _("Not yet")),
        ),
    ),
    Question(
        "certificate",
        _("Certificate: number, day, and until when it holds"),
        (STATUS, PROPOSAL, OFFICE),
        translated=True,
    ),
    Question("aims", _("Aims of the fund"), (STATUS, OFFICE), LONG, translated=True),
    Question("starting-money", _("Money that the fund began with (baht)"), (STATUS,), NUMBER),
    Question("villages-in-area", _("Villages (moo) in the area"), (STATUS, OFFICE), NUMBER),
    Question("villages-covered", _("Villages (moo) with members"), (STATUS, OFFICE), NUMBER),
    Question(
        "welfare-without-money",
        _("Welfare that is not paid in money: what, for how many"),
        (STATUS, PROPOSAL),
        LONG,
        by_year=True,
        translated=True,
    ),
    Question(
        "help-to-others",
        _("Help to non-members, culture, sport, environment, public good: what was done"),
        (STATUS,),
        LONG,
        by_year=True,
        translated=True,
    ),
    Question(
        "records",
        _("Records are kept in"),
        (STATUS,),
        CHOICE,
        choices=(
            ("notebook", _("A notebook")),
            ("file", _("A computer file")),
            ("database", _("A database")),
        ),
    ),
    Question(
        "committee-meets",
        _("The committee meets"),
        (STATUS,),
        CHOICE,
        choices=(("monthly", _("Every month")), ("more", _("More often")), ("less", _("Less often"))),
    ),
    Question("members-meet", _("The members meet"), (STATUS,), CHOICE, choices=EVERY),
    _yes_no("minutes-each-time", _("Minutes are written each time"), STATUS),
    Question(
        "accounts-summed",
        _("The accounts are summed up"),
        (STATUS,),
        CHOICE,
        choices=(("monthly", _("Every month")), ("yearly", _("Every year"))),
    ),
    Question("watched-inside", _("Monitoring from inside the fund"), (STATUS,), CHOICE, choices=EVERY),
    Question("watched-outside", _("Monitoring from outside"), (STATUS,), CHOICE, choices=EVERY),
    Question("watched-by", _("From outside the fund is monitored by"), (STATUS,), translated=True),
    _yes_no("reports-to-members", _("Reports to the members"), STATUS),
    _yes_no("reports-to-municipality", _("Reports to the local government"), STATUS),
    _yes_no("reports-to-agencies", _("Reports to agencies"), STATUS),
    _yes_no("reports-on-board", _("Reports on the notice board"), STATUS),
    Question("links", _("Links to other work in the area"), (STATUS,), LONG, translated=True),
    Question(
        "support",
        _("Support that is not money, by agencies and the private sector"),
        (STATUS,),
        LONG,
        by_year=True,
        translated=True,
    ),
    Question("plan", _("Plan for the coming year"), (PROPOSAL,), LONG, by_year=True, translated=True),
    Question("project", _("Name of the project in the municipality's plan"), (MUNICIPALITY,), by_year=True),
    Question(
        "results", _("Results, problems and remedies"), (MUNICIPALITY, PROVINCE), LONG, by_year=True, translated=True
    ),
    Question(
        "base",
        _("The fund grew from"),
        (OFFICE,),
        CHOICE,
        choices=(
            ("savings", _("A money or savings group")),
            ("production", _("A production group")),
            ("resources", _("Care for natural resources")),
            ("faith", _("Faith and religion")),
            ("hardship", _("People in hardship")),
        ),
    ),
    Question("staff", _("People who work for the fund, beside the committee"), (OFFICE,), NUMBER, by_year=True),
)


def questions_of(paper: str) -> list[Question]:
    """What a paper asks, in the order of the form."""
    return [question for question in QUESTIONS if paper in question.papers]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its newest answer, None where nobody answered it or the answer was emptied.

    `before`: what was answered for the last year before that has an answer, where it is asked each year.
    """

    question: Question
    answer: PaperAnswer | None
    before: PaperAnswer | None = None

    @property
    def is_open(self) -> bool:
        return self.answer is None

    @property
    def said(self) -> Words | int | None:
        return self.question.said(Words(self.answer.text_th, self.answer.text_en)) if self.answer else None


def answered(paper: str, year_be: int) -> list[Answered]:
    """Every question of a paper with who answered it when, and with what was said before. One query."""
    asked = questions_of(paper)
    found = PaperAnswer.objects.filter(question__in=[one.key for one in asked], year_be__lte=year_be)
    newest = found.order_by("year_be", "question", "-pk").distinct("year_be", "question").select_related("answered_by")
    by_place = {(answer.question, answer.year_be): answer for answer in newest if answer.text_th.strip()}
    # years rise, so the last one before this year stays
    before = {key: answer for (key, year), answer in by_place.items() if FOR_GOOD < year < year_be}
    return [
        Answered(one, by_place.get((one.key, year_be)), before.get(one.key))
        if one.by_year
        else Answered(one, by_place.get((one.key, FOR_GOOD)))
        for one in asked
    ]


def known_answers(paper: str, year_be: int) -> dict[str, Words | int | None]:
    """The answers of a paper as it shows them, by the question's name; None is open. One query."""
    asked = questions_of(paper)
    found = answers_of(year_be, [one.key for one in asked])
    return {one.slug: one.said(found.get(one.key)) for one in asked}


@transaction.atomic
def keep(answers: Mapping[str, Words], *, year_be: int, by: User, now: datetime, request_id: uuid.UUID) -> None:
    """Keep these answers, by the question's name, each for good or for the year as its question says; all or none."""
    for years, year in ((True, year_be), (False, FOR_GOOD)):
        keys = {one.slug: one.key for one in QUESTIONS if one.by_year == years}
        part = {keys[slug]: said for slug, said in answers.items() if slug in keys}
        if part:
            keep_answers(part, year_be=year, by=by, now=now, request_id=request_id)
