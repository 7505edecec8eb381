"""Pictures made smaller, for pages and papers that show several."""

import io

from PIL import Image

QUALITY = 80


def smaller(jpeg: bytes, side: int) -> bytes:
    """A JPEG of ours again with at most `side` pixels a side; one that is small enough comes back as it is."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        if max(picture.size) <= side:
            return jpeg
        picture.draft("RGB", (side, side))  # decoded at a fraction: a picture of 2,000 px takes no 12 MB
        made = picture.convert("RGB")
        made.thumbnail((side, side))
        target = io.BytesIO()
        made.save(target, "JPEG", quality=QUALITY, optimize=True)
    return target.getvalue()
