"""The tags that a screen reader goes by, put right in a paper, and kept when papers are bound into one.

WeasyPrint tags what it lays out, and leaves three gaps that PDF/UA asks to be closed: a header cell does not say if it
heads a column or a row; what runs in the margins (page numbers, the banner of the demonstration) is content that no tag
holds, where it should be an artifact; and so are drawings that have no words. `mend_tags` closes them. A table without
any header cell only sets things side by side (places to sign): its cells become paragraphs. The identifiers by which
WeasyPrint joins each cell to its heads go, for they come again on each page of a long table, and an identifier may
stand but once. Tags that say nothing go too: they are half of all, and a bound paper holds them all in memory.

The tags of a file are a tree from its root down to the numbered pieces of each page's content (MCID), and a second
one back, the parent tree, which holds under each page's `StructParents` the tag of every piece.
"""

from collections.abc import Iterator
from typing import Any

import pikepdf
import pydyf  # type: ignore[import-untyped]

_RUNNING, _DRAWING = "/Pagination", "/Layout"
_PLAIN = {"Type", "S", "P", "Pg", "K"}
_OF_TABLES = ("/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD", "/Caption")
_CELLS = ("/TH", "/TD")
_OF_WORDS = ("/Caption", "/P", "/H1", "/H2", "/H3")


def mend_tags(pdf: Any) -> None:
    """Give header cells their scope and make artifacts of what is no content, in a document of pydyf."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    tree = _Tree(pdf)
    for document in root["K"]:
        tree.mend(_object(pdf, document))
    parents = _object(pdf, root["ParentTree"])["Nums"]
    for number, page in enumerate(pdf.page_references):
        tags = [_number(reference) for reference in parents[2 * number + 1]]
        homes = [tree.home(tag) for tag in tags]
        parents[2 * number + 1] = pydyf.Array(home or b"null" for home in homes)
        loose = {
            piece: _DRAWING if tag in tree.drawings else _RUNNING
            for piece, (tag, home) in enumerate(zip(tags, homes, strict=True))
            if home is None
        }
        if loose:
            content = _object(pdf, _object(pdf, page)["Contents"])
            content.stream = list(_with_artifacts(content.stream, loose))
    tree.take_out_the_rest()


class _Tree:
    """The tags of a document, on one way from the top down."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.drawings: set[int] = set()
        self._has_heads: list[bool] = []  # of the tables around, the innermost last
        self._homes: dict[int, Any] = {}  # of each tag met: itself, or the tag that took over what it held

    def home(self, number: int) -> bytes | None:
        """The tag that holds what this one held; None for what hangs nowhere."""
        if number not in self._homes:
            return None
        tag = self._homes[number]
        while tag is not self._homes.get(tag.number, tag):
            tag = self._homes[tag.number]
        return bytes(tag.reference)

    def mend(self, tag: Any, *, in_head: bool = False, in_cell: bool = False) -> None:
        """Mend all that hangs below a tag."""
        kids: list[Any] = []
        for kid in tag["K"]:
            if isinstance(kid, int):
                kids.append(kid)
            else:
                kids += self._mended(_object(self.pdf, kid), tag, in_head=in_head, in_cell=in_cell)
        tag["K"] = pydyf.Array(kids)
        self._homes.setdefault(tag.number, tag)

    def _mended(self, tag: Any, holder: Any, *, in_head: bool, in_cell: bool) -> list[Any]:
        """What is to stand in the holder's list for a tag."""
        if tag["Type"] != "/StructElem":  # the link itself, below its tag
            return [tag.reference]
        if tag["S"] == "/Figure" and "Alt" not in tag:
            self.drawings.add(tag.number)
            return []
        if tag["S"] == "/Table":
            return self._mended_table(tag, holder)
        is_cell = tag["S"] in _CELLS
        self.mend(tag, in_head=in_head or tag["S"] == "/THead", in_cell=in_cell or is_cell)
        if is_cell and in_cell:  # the lines around a block that stands amid a cell's words
            tag["S"] = "/Div"
            tag.pop("A", None)
            tag.pop("ID", None)
        if _says_nothing(tag, holder):
            return self._handed_over(tag, holder)
        if tag["S"] == "/Div":
            tag["S"] = "/P"  # what holds words is a paragraph
        elif tag["S"] in _CELLS:
            _mend_cell(tag, in_head=in_head)
            if tag["S"] == "/TH" and self._has_heads:
                self._has_heads[-1] = True
        return [tag.reference]

    def _mended_table(self, tag: Any, holder: Any) -> list[Any]:
        self._has_heads.append(False)
        self.mend(tag)
        return [tag.reference] if self._has_heads.pop() else self._unfolded(tag, holder)

    def _unfolded(self, tag: Any, holder: Any) -> list[Any]:
        """What a table that only sets things side by side holds, without the table."""
        if tag["S"] not in _OF_TABLES:
            tag["P"] = holder.reference
            return [tag.reference]
        if _holds_words(tag):
            tag["S"], tag["P"] = "/P", holder.reference
            tag.pop("A", None)
            return [tag.reference]
        del self._homes[tag.number]
        return [one for kid in tag["K"] for one in self._unfolded(_object(self.pdf, kid), holder)]

    def _handed_over(self, tag: Any, holder: Any) -> list[Any]:
        self._homes[tag.number] = holder
        for kid in tag["K"]:
            if not isinstance(kid, int):
                _object(self.pdf, kid)["P"] = holder.reference
        return list(tag["K"])

    def take_out_the_rest(self) -> None:
        """Free the tags that no longer hang in the tree, as pydyf frees its first object."""
        for thing in self.pdf.objects:
            is_tag = isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem"
            if is_tag and self._homes.get(thing.number) is not thing:
                thing.free, thing.generation, thing.number = "f", 1, 0


def _says_nothing(tag: Any, holder: Any) -> bool:
    if tag.keys() - _PLAIN:
        return False
    if not _holds_words(tag):
        return tag["S"] in ("/Div", "/Span", "/NonStruct")
    is_same_page = tag["Pg"] == holder.get("Pg")
    is_said = tag["S"] in ("/Span", "/NonStruct") or (tag["S"] == holder["S"] and tag["S"] in _OF_WORDS)
    return is_same_page and is_said


def _holds_words(tag: Any) -> bool:
    return any(isinstance(kid, int) for kid in tag["K"])


def _mend_cell(tag: Any, *, in_head: bool) -> None:
    tag.pop("ID", None)
    tag["A"].pop("Headers", None)
    if tag["S"] == "/TH":
        tag["A"]["Scope"] = "/Column" if in_head else "/Row"
    elif len(tag["A"]) == 1:  # nothing but whose attributes they are
        del tag["A"]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]


def _with_artifacts(operations: list[Any], loose: dict[int, str]) -> Iterator[Any]:
    """The same operations; a piece is opened by three: its tag, a dictionary with its number, BDC."""
    for operation, following in zip(operations, [*operations[1:], None], strict=True):
        if isinstance(following, pydyf.Dictionary) and following.get("MCID") in loose:
            yield "/Artifact"
        elif isinstance(operation, pydyf.Dictionary) and operation.get("MCID") in loose:
            yield pydyf.Dictionary({"Type": loose[operation["MCID"]]})
        else:
            yield operation


class BoundTags:
    """The tags of a bound document: each part's tree becomes a `Part` of the one document."""

    def __init__(self, bound: pikepdf.Pdf) -> None:
        self.bound = bound
        self.document = bound.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.Document, K=pikepdf.Array())
        )
        self.parents = pikepdf.Array()
        self.next_key = 0

    def add_pages(self, part: pikepdf.Pdf) -> None:
        """Take over the pages of a part with their tags; a part without tags brings none."""
        first_key = self.next_key
        for page in part.pages:
            _move_on(page.obj, "/StructParents", first_key)
            for note in page.obj.get("/Annots", ()):
                _move_on(note, "/StructParent", first_key)
        # The pages first: a tag that is copied then names the copy of its page.
        self.bound.pages.extend(part.pages)
        if "/StructTreeRoot" in part.Root:
            self._add_tree(self.bound.copy_foreign(part.Root.StructTreeRoot), first_key)

    def _add_tree(self, tree: pikepdf.Object, first_key: int) -> None:
        for element in tree.K:
            element.S = pikepdf.Name.Part
            element.P = self.document
            self.document.K.append(element)
        numbers = tree.ParentTree.Nums
        for place in range(0, len(numbers), 2):
            key = first_key + int(numbers[place])
            self.parents.append(key)
            self.parents.append(numbers[place + 1])
            self.next_key = key + 1

    def close(self) -> None:
        """Hang the tree into the document, which says from now on that it is tagged."""
        root = self.bound.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructTreeRoot,
                K=pikepdf.Array([self.document]),
                ParentTree=self.bound.make_indirect(pikepdf.Dictionary(Nums=self.parents)),
                ParentTreeNextKey=self.next_key,
            )
        )
        self.document.P = root
        self.bound.Root.StructTreeRoot = root
        self.bound.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        self.bound.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _move_on(owner: pikepdf.Object, name: str, by: int) -> None:
    if name in owner:
        owner[name] = int(owner[name]) + by
