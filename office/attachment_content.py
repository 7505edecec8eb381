"""Looks into pictures and PDFs, and makes them harmless."""

import io
import warnings
from collections.abc import Iterator

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from bansong_fund.lib.errors import DomainError

LONGEST_SIDE = 2000  # px, of the picture that is kept
MOST_PIXELS = 100_000_000  # of the picture that is handed in
FORMATS = ("JPEG", "PNG", "WEBP")
JPEG_QUALITY = 85


def read_picture(content: bytes) -> bytes:
    """Decode a picture and write it anew as JPEG, upright, without what its file said besides. Raises DomainError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is asked below
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _refuse_huge(picture)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a fraction
                return _as_jpeg(picture)
    except Image.DecompressionBombError as error:
        raise DomainError(_too_many_pixels()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise DomainError(_("The picture is damaged and cannot be read. Photograph it again.")) from error


def _refuse_huge(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise DomainError(_too_many_pixels())


def _too_many_pixels() -> str:
    message = _("The picture has more than %(most)d million pixels. Photograph it smaller.")
    return message % {"most": MOST_PIXELS // 1_000_000}


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        plain.paste(upright, mask=upright.getchannel("A"))
    else:
        plain.paste(upright.convert("RGB"))
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return target.getvalue()


# What a paper has no use for: programs, files inside the file, acts on opening.
UNSAFE_KEYS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/RichMedia", "/XFA"}
UNSAFE_ACTS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"}


def refuse_unsafe_pdf(content: bytes) -> None:
    """Raise DomainError unless the PDF opens without a password and holds no program and no file."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) == 0:
                raise DomainError(_("The PDF has no page. Scan the paper again."))
            unsafe = any(_is_unsafe(thing) for thing in _dictionaries(document))
    except pikepdf.PasswordError as error:
        raise DomainError(_("The PDF is locked with a password. Save it without one and try again.")) from error
    except pikepdf.PdfError as error:
        raise DomainError(_("The PDF is damaged and cannot be read. Scan the paper again.")) from error
    if unsafe:
        raise DomainError(_("The PDF carries a program or other files and is not taken. Print it and scan the paper."))


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those that stand inside others too."""
    waiting: list[pikepdf.Object] = [document.trailer, *document.objects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            inner = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            inner = [value for _key, value in thing.items()]
        else:
            continue
        waiting += [part for part in inner if isinstance(part, pikepdf.Object) and not part.is_indirect]


def _is_unsafe(thing: pikepdf.Object) -> bool:
    keys = set(thing.keys())
    if keys & UNSAFE_KEYS:
        return True
    return str(thing.get("/S", "")) in UNSAFE_ACTS or str(thing.get("/Type", "")) == "/EmbeddedFile"
