"""Pages as pictures: against approved ones with a little tolerance, and as they come out of a photocopier.

`APPROVE=1 pytest -n0 tests/papers/test_page_pictures.py` writes the pictures anew; look at what git shows before you
commit them.
"""

import os
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from bansong_fund.lib.pdf import page_count

APPROVED = Path(__file__).parent / "approved"
DPI = 50
# Letters are drawn a shade differently by another version of a library; a line that moved is not such a shade.
SHADE, MOST_PIXELS, MOST_MEAN = 64, 0.004, 1.5


def page_picture(pdf: bytes, page: int = 0, dpi: int = DPI) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def nearest_edge(pdf: bytes) -> float:
    """How near to an edge of its page anything of a paper comes, in millimetres."""
    pictures = [page_picture(pdf, page, dpi=100) for page in range(page_count(pdf))]
    boxes = [(one.size, one.point(lambda grey: 255 * (grey < 200)).getbbox()) for one in pictures]
    gaps = [min(left, top, width - right, height - bottom) for (width, height), (left, top, right, bottom) in boxes]
    return min(gaps) / 100 * 25.4


def approve_if_asked(name: str, picture: Image.Image) -> None:
    if os.environ.get("APPROVE"):
        APPROVED.mkdir(exist_ok=True)
        _few_greys(picture).save(APPROVED / f"{name}.png", optimize=True)


def difference(name: str, picture: Image.Image) -> str:
    """How a page differs from the approved one; "" where it does not."""
    path = APPROVED / f"{name}.png"
    if not path.exists():
        return "no picture is approved"
    approved = Image.open(path).convert("L")
    if approved.size != picture.size:
        return f"{picture.size} in place of {approved.size}"
    # A hair's breadth to one side is no difference: both are softened first.
    softened = [one.filter(ImageFilter.BoxBlur(1)) for one in (approved, _few_greys(picture).convert("L"))]
    counts = ImageChops.difference(*softened).histogram()
    all_pixels = sum(counts)
    share = sum(counts[SHADE:]) / all_pixels
    mean = sum(shade * count for shade, count in enumerate(counts)) / all_pixels
    if share > MOST_PIXELS or mean > MOST_MEAN:
        return f"{share:.2%} of the pixels differ, {mean:.2f} shades on the whole"
    return ""


def _few_greys(picture: Image.Image) -> Image.Image:
    """In eight greys: a small file."""
    return picture.quantize(8, method=Image.Quantize.MEDIANCUT) if picture.mode == "L" else picture


def photocopy(pdf: bytes, page: int = 0) -> Image.Image:
    """A page as a black-and-white copier gives it back: 150 dots an inch, each black or white."""
    soft = page_picture(pdf, page, 150).filter(ImageFilter.GaussianBlur(0.6))
    return soft.point(lambda grey: 255 * (grey > 140)).convert("1")


def ink(picture: Image.Image) -> float:
    """The share of black."""
    counts = picture.convert("L").histogram()
    return sum(counts[:128]) / sum(counts)
