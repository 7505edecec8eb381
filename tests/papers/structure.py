"""What PDF/UA asks of a paper, read out of the file: each fault as a sentence, so that a test can say "none"."""

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

KINDS = {
    *("Document", "Part", "Sect", "P", "H1", "H2", "H3", "L", "LI", "Lbl", "LBody", "Span", "Link", "Figure"),
    *("Table", "Caption", "THead", "TBody", "TFoot", "TR", "TH", "TD", "Art", "BlockQuote", "NonStruct"),
}
WITHIN = {
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "Caption": {"Table", "Figure"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
}


@dataclass
class Reading:
    """The tags of a file in the order of reading."""

    faults: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    pieces: set[tuple[tuple[int, int], int]] = field(default_factory=set)

    def walk(self, tag: pikepdf.Object, parent: str, *, in_head: bool = False) -> None:
        kind = str(tag.S)[1:]
        self.kinds.append(kind)
        if kind not in KINDS:
            self.faults.append(f"{kind} is no kind of tag that we use")
        if kind in WITHIN and parent not in WITHIN[kind]:
            self.faults.append(f"{kind} within {parent}")
        if kind in ("H1", "H2", "H3"):
            self.headings.append(int(kind[1]))
        if kind == "TH":
            scope, wanted = str(tag.get("/A", pikepdf.Dictionary()).get("/Scope", "")), "/Column" if in_head else "/Row"
            self.faults += [f"a header cell of scope {scope!r}, not {wanted}"] if scope != wanted else []
        if kind == "Figure" and not str(tag.get("/Alt", "")).strip():
            self.faults.append("a figure without words")
        if kind == "Table" and "TH" not in {str(below.S)[1:] for below in _below(tag)}:
            self.faults.append("a table without header cells")
        for kid in tag.get("/K", ()):
            if isinstance(kid, pikepdf.Dictionary):
                if "/S" in kid:
                    if kid.P.objgen != tag.objgen:
                        self.faults.append(f"{kid.S} names another parent")
                    self.walk(kid, kind, in_head=in_head or kind == "THead")
            else:
                self.pieces.add((tag.Pg.objgen, int(kid)))


def _below(tag: pikepdf.Object) -> Iterator[pikepdf.Object]:
    for kid in tag.get("/K", ()):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def faults_of(pdf: bytes, *, language: str) -> list[str]:
    """What a file lacks of PDF/UA; empty for a good one."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        reading = Reading()
        reading.walk(document.Root.StructTreeRoot.K[0], "")
        return [
            *_faults_of_the_file(document, language),
            *reading.faults,
            *_faults_of_headings(reading.headings),
            *_faults_of_pages(document, reading.pieces),
            *_faults_of_fonts(document),
        ]


def _faults_of_the_file(document: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = document.Root
    with document.open_metadata() as metadata:
        said = {
            "marked": bool(root.MarkInfo.Marked),
            "language": str(root.Lang) == language,
            "title is shown": bool(root.ViewerPreferences.DisplayDocTitle),
            "title": bool(str(metadata.get("dc:title", "")).strip()),
            "PDF/UA": metadata.get("pdfuaid:part") == "1",
        }
    yield from (f"not {name}" for name, is_right in said.items() if not is_right)


def _faults_of_headings(levels: list[int]) -> Iterator[str]:
    if not levels or levels[0] != 1:
        yield f"headings begin with {levels[:1]}"
    yield from (f"H{after} after H{one}" for one, after in itertools.pairwise(levels) if after > one + 1)


def _faults_of_pages(document: pikepdf.Pdf, pieces: set[tuple[tuple[int, int], int]]) -> Iterator[str]:
    """Every piece of content hangs in the tree or is an artifact, and the way back from the page finds it."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    back = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    for number, page in enumerate(document.pages, start=1):
        tags = back[int(page.StructParents)]
        tagged = set()
        for kind, piece in _content(page):
            if piece is None:
                yield f"page {number}: {kind} draws without a tag"
            elif piece >= 0:
                tagged.add(piece)
                if tags[piece] is None or (page.obj.objgen, piece) not in pieces:
                    yield f"page {number}: piece {piece} hangs nowhere"
        if len(tagged) != sum(tag is not None for tag in tags):
            yield f"page {number}: the way back names {len(tags)} pieces, the page has {len(tagged)}"


def _content(page: pikepdf.Page) -> Iterator[tuple[str, int | None]]:
    """(operator, piece) for what is opened, and for all that shows something: -1 for an artifact, None for loose."""
    open_marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BMC", "BDC"):
            open_marks.append(_piece(instruction.operands))
            if open_marks[-1] is not None:
                yield operator, open_marks[-1]
        elif operator == "EMC":
            open_marks.pop()
        elif operator in ("Tj", "TJ", "S", "f", "f*", "B", "sh") and not any(one is not None for one in open_marks):
            yield operator, None


def _piece(operands: list) -> int | None:
    if str(operands[0]) == "/Artifact":
        return -1
    if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]:
        return int(operands[1].MCID)
    return None


def _faults_of_fonts(document: pikepdf.Pdf) -> Iterator[str]:
    seen = set()
    for page in document.pages:
        for font in (page.obj.get("/Resources", {}).get("/Font") or {}).values():
            whole = font.DescendantFonts[0]
            descriptor = whole.FontDescriptor
            if descriptor.objgen in seen:
                continue
            seen.add(descriptor.objgen)
            if str(descriptor.FontFamily) != "Sarabun" or not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield f"{font.BaseFont} is not Sarabun or not embedded"
            elif "+" not in str(font.BaseFont) or "/ToUnicode" not in font:
                yield f"{font.BaseFont} is not a subset, or does not read back"
