"""The papers of the year, printed by who would sign them, and read back."""

import uuid
from dataclasses import dataclass

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.models import CollectionSheet
from contributions.queries.events import event_sums
from ledger.models import AccountingMonth, Reconciliation
from office.jobs import run_job
from office.models import Job
from tests.demo.anew.office import Office
from tests.demo.anew.plans import YEAR
from tests.demo.anew.year import Year
from tests.pdf_reading import pdfium_text


@dataclass(frozen=True)
class Paper:
    """A paper as it was printed, and what has to stand on it for somebody to sign it."""

    pdf: bytes
    says: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        text = "".join(pdfium_text(self.pdf).split())
        return [words for words in self.says if "".join(fold_sara_am(words).split()) not in fold_sara_am(text)]


SIGNED_BY_THREE = ("ผู้จัดทำ (เหรัญญิก)", "ผู้ตรวจสอบกิจการ", "ประธาน")


def event_result(office: Office, year: Year) -> Paper:
    sums = event_sums(year.merit.row)
    figures = (format_baht(sums.raised), format_baht(sums.costs), format_baht(sums.net))
    pdf = office.paper("treasurer", f"{year.merit.page}result.pdf")
    return Paper(pdf, (year.merit.planned.name_th, "ข้าวสาร 10 กระสอบ", *figures, *SIGNED_BY_THREE))


def counting_sheet(office: Office, year: Year) -> Paper:
    count = year.merit.row.counts.get()
    pdf = office.paper("treasurer", f"{year.merit.page}count/{count.pk}/sheet.pdf")
    return Paper(pdf, (format_baht(count.counted), *(one["name"] for one in count.counters)))


def list_of_the_round(office: Office, year: Year) -> Paper:
    """A long list comes from the worker."""
    grant = next(one for one in year.plan.grants if one.round and one.received_on.year == YEAR)
    page = f"/money-in/rounds/{grant.round}/paper/"
    answer = office.browser("treasurer").post(page, {"request_id": uuid.uuid4(), "language": "th"})
    if answer.status_code == 302:
        job = Job.objects.latest("pk")
        run_job.func(job.pk)
        answer = office.see("treasurer", f"/jobs/{job.pk}/result/")
    pdf = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = len(next(one for one in year.plan.rounds if one.number == grant.round).persons)
    return Paper(pdf, (format_baht(grant.amount), f"{heads:,}"))


def reconciliation(office: Office, place: str, kept: Reconciliation) -> Paper:
    code = office.places[place].code
    pdf = office.paper("treasurer", f"/books/passbooks/{code}/reconciliations/{kept.pk}/pdf/")
    balances = (kept.passbook_balance, kept.ledger_balance)
    in_two_columns = [format_baht(balance).replace(".", "") for balance in balances]  # บาท and สต.
    return Paper(pdf, ("งบกระทบยอดเงินฝากธนาคาร", *in_two_columns, *SIGNED_BY_THREE))


def closing_of_month(office: Office, month: AccountingMonth) -> Paper:
    pdf = office.paper("treasurer", f"/books/closing/{month.first_day:%Y-%m}/pdf/")
    return Paper(pdf, (*SIGNED_BY_THREE,))


def closing_of_year(office: Office, resolution: str) -> Paper:
    pdf = office.paper("treasurer", f"/books/closing/years/{YEAR + 543}/pdf/")
    return Paper(pdf, (resolution, *SIGNED_BY_THREE))


def hand_over_slip(office: Office, sheet: CollectionSheet) -> Paper:
    pdf = office.paper("treasurer", f"/money-in/sheets/{sheet.year_be}/{sheet.number}/slip/")
    return Paper(pdf, ("ใบนำส่งเงิน", sheet.label, format_baht(sheet.total), sheet.collector.display_name))
