"""The demonstration's committee and what it wrote for the annual report of 2562, from `data/demo-committee.yaml`.

All of it is invented and none of it is an entry. Who is no member has "(สมมติ)" behind the name, as users have.
"""

from typing import Any

import yaml

from bansong_fund.demo.figures import DATA
from bansong_fund.demo.load_world import World, fixed_id, moment
from bansong_fund.demo.shapes import FOUNDED
from bansong_fund.lib.papers import Words
from members.answers import keep_answers
from members.models import CommitteeSeat


def load_committee(world: World) -> None:
    """Its seats, nine at any time, and the words of the report of 2562."""
    told = yaml.safe_load((DATA / "demo-committee.yaml").read_text(encoding="utf-8"))
    CommitteeSeat.objects.bulk_create(_seat(world, place, dict(one)) for place, one in enumerate(told["seats"], 1))
    words = told["words"]
    for username, said in words["said"].items():
        answers = {name: Words(text["th"].strip(), text["en"].strip()) for name, text in said.items()}
        about = {"by": world.users[username], "now": moment(words["written_on"])}
        keep_answers(answers, year_be=words["of_year"], request_id=fixed_id("words", username), **about)


def _seat(world: World, place: int, told: dict[str, Any]) -> CommitteeSeat:
    username = told.pop("username", "")
    if username:
        planned = next(one for one in world.plan.users if one.username == username)
        told |= {"name": planned.display_name, "member": world.members[planned.person]}
    return CommitteeSeat(place=place, request_id=fixed_id("seat", place), **({"since": FOUNDED} | told))
