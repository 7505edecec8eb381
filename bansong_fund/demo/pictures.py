"""Two drawn pictures for the annual report of 2562, so that the demonstration shows how photographs look.

Nobody is in them: they are shapes, and each says in both languages that it is an example. They lie beside the books.
"""

import io
from collections.abc import Callable
from datetime import date

import fontpkg_sarabun
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.lib.papers import Words
from members.year_texts import add_picture

YEAR_BE = 2562
ADDED_ON = date(2020, 2, 10)
SIZE = WIDTH, HEIGHT = 960, 600
FONT = fontpkg_sarabun.ROOT / "files" / "Sarabun-Bold.ttf"
MARK = "ภาพตัวอย่าง · EXAMPLE"
WALL, FLOOR, INK, SKIN = "#dfe9f2", "#c9b79c", "#1f3a5f", "#d9a066"
SHIRTS = ("#3d6ea8", "#b4534b", "#5c8a4a", "#8a6bb0", "#c28a2c")


def load_pictures(world: World) -> None:
    """Both pictures, with captions in both languages, as the chair would have added them."""
    about = {"year_be": YEAR_BE, "by": world.users["committee1"], "now": moment(ADDED_ON)}
    for name, (draw, caption) in PICTURES.items():
        file = ContentFile(drawn(draw), name=f"{name}.jpg")
        add_picture(file, caption=caption, request_id=fixed_id("picture", name), **about)


def drawn(scene: Callable[[ImageDraw.ImageDraw], None]) -> bytes:
    """A scene as a JPEG, with the mark of an example across its foot."""
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    scene(draw)
    draw.rectangle((0, HEIGHT - 64, WIDTH, HEIGHT), fill="white")
    font = ImageFont.truetype(FONT, 34)
    draw.text((WIDTH / 2, HEIGHT - 34), MARK, fill=INK, font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _person(draw: ImageDraw.ImageDraw, x: int, y: int, *, tall: int, shirt: str) -> None:
    """Head and shoulders, `y` the lower edge."""
    head = tall // 4
    draw.rounded_rectangle((x - tall // 3, y - tall + 2 * head, x + tall // 3, y), head, fill=shirt)
    draw.ellipse((x - head, y - tall, x + head, y - tall + 2 * head), fill=SKIN)


def _assembly(draw: ImageDraw.ImageDraw) -> None:
    """A hall: a board behind the table, one who speaks, rows of members."""
    draw.rectangle((0, 330, WIDTH, HEIGHT), fill=FLOOR)
    draw.rectangle((280, 40, 680, 190), fill="#4c7a5d", outline=INK, width=6)
    for x, shirt in ((400, SHIRTS[3]), (480, SHIRTS[0]), (560, SHIRTS[1])):
        _person(draw, x, 330, tall=120, shirt=shirt)
    draw.rectangle((330, 290, 630, 350), fill="#7a5a3a")
    for row, y in enumerate((440, 530)):
        for seat in range(9):
            x = 90 + seat * 98 + row * 30
            _person(draw, x, y, tall=100 + row * 20, shirt=SHIRTS[(seat + row * 2) % len(SHIRTS)])


def _visit(draw: ImageDraw.ImageDraw) -> None:
    """A house under a tree; two who visit one who sits before it."""
    draw.rectangle((0, 420, WIDTH, HEIGHT), fill="#a9c48f")
    draw.rectangle((150, 220, 520, 450), fill="#e8d3ae", outline=INK, width=4)
    draw.polygon(((110, 225), (335, 90), (560, 225)), fill="#b4534b")
    draw.rectangle((290, 310, 380, 450), fill="#7a5a3a")
    draw.rectangle((760, 250, 800, 470), fill="#7a5a3a")
    draw.ellipse((660, 90, 900, 310), fill="#5c8a4a")
    draw.rectangle((425, 440, 525, 500), fill="#7a5a3a")
    _person(draw, 475, 455, tall=130, shirt=SHIRTS[3])
    for x, shirt in ((600, SHIRTS[0]), (715, SHIRTS[4])):
        _person(draw, x, 510, tall=165, shirt=shirt)


PICTURES: dict[str, tuple[Callable[[ImageDraw.ImageDraw], None], Words]] = {
    "assembly": (
        _assembly,
        Words(
            "ภาพวาดตัวอย่าง: ประชุมใหญ่สามัญประจำปี สมาชิกฟังรายงานของคณะกรรมการ",
            "A drawn example: members hear the committee's report at the Annual General Meeting",
        ),
    ),
    "visit": (
        _visit,
        Words(
            "ภาพวาดตัวอย่าง: แกนนำชุมชนเยี่ยมบ้านผู้สูงอายุ",
            "A drawn example: community leaders visit an older member at home",
        ),
    ),
}
