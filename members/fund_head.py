"""The head of the fund's papers."""

from bansong_fund.lib.papers import FundHead, Words
from members.models import Fund


def fund_head(fund: Fund) -> FundHead:
    """What stands at the head of every paper of this fund."""
    return FundHead(
        name=Words(fund.name_th, fund.name_en),
        address=fund.address,
        area=Words(fund.area_th, fund.area_en),
        demonstration=fund.is_demo,
        thai_digits=fund.thai_digits,
    )
