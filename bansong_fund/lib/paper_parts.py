"""Papers cut into parts: what is laid out at once takes memory by the page, some 3 MB each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, bind, render_together

# Some 18 receipts or 40 statements of members. HTML grows with the pages that it becomes, so no paper needs a number
# of its own. Smaller parts take longer (each loads the fonts anew), larger ones more memory.
LETTERS_OF_A_PART = 120_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as HTML; `count` says for how many it stands in a report of progress: rows, members, receipts."""

    html: str
    count: int = 1


def parts_of(papers: Iterable[Drawn]) -> Iterator[list[Drawn]]:
    """The papers in parts, each laid out at once; the next paper is asked for when its part is."""
    part: list[Drawn] = []
    letters = 0
    for paper in papers:
        part.append(paper)
        letters += len(paper.html)
        if letters >= LETTERS_OF_A_PART:
            yield part
            part, letters = [], 0
    if part:
        yield part


def render_papers(
    papers: Iterable[Drawn],
    *,
    title: str,
    language: Language = "th",
    stylesheets: tuple[str, ...] = PAPER_STYLESHEETS,
) -> bytes:
    """One PDF of several papers, in this process and part by part. Needs at least one."""
    parts = [
        render_together([paper.html for paper in part], title=title, language=language, stylesheets=stylesheets)
        for part in parts_of(papers)
    ]
    return parts[0] if len(parts) == 1 else bind(parts, title=title, language=language)
