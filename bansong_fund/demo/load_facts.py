"""What is published about the fund, as columns of the fund's row."""

from typing import Any

import yaml

from bansong_fund.demo.figures import DATA

# what the partners work on with the fund, in Thai; the facts file has it in English
WORK_TH = {
    "community tourism": "การท่องเที่ยวโดยชุมชน",
    "community products": "ผลิตภัณฑ์ชุมชน",
    "marketing of community products": "การตลาดของผลิตภัณฑ์ชุมชน",
}


def fund_columns() -> dict[str, Any]:
    """Names, area, population, founders, promoters and partners from `data/facts.yaml`."""
    facts = yaml.safe_load((DATA / "facts.yaml").read_text(encoding="utf-8"))
    fund = facts["fund"]
    return {
        "name_th": fund["name"]["th"],
        "name_en": fund["name"]["en"],
        "area_th": fund["area"]["th"],
        "area_en": fund["area"]["en"],
        "population": fund["population"],
        "founders": [{"th": one["th"], "en": one["en"]} for one in fund["founders"]],
        "promoters": [{"th": one["th"], "en": one["en"]} for one in fund["promoters"]],
        "partners": [
            {"th": one["th"], "en": one["en"], "work_th": WORK_TH[one["work"]], "work_en": one["work"]}
            for one in facts["partners"]
        ],
    }
