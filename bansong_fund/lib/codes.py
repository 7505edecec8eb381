"""QR codes as drawings for pages and papers: black on white, with their quiet zone and words for who cannot see."""

import segno
from django.utils.safestring import SafeString, mark_safe


def code_svg(content: str, *, says: str, scale: int = 2) -> SafeString:
    """The code of a text as SVG; of nothing, nothing. `says` is what the drawing is, its alternative text."""
    if not content:
        return SafeString("")
    code = segno.make(content, error="m", micro=False)
    return mark_safe(  # noqa: S308 - drawn by us; segno escapes the title
        code.svg_inline(scale=scale, border=4, omitsize=True, svgclass="qr", title=says)
    )
