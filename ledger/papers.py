"""Receipts and vouchers as papers: from the frozen rows, so that a reprint says what the first print said."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from bansong_fund.lib.papers import PaperLine, ReceiptPaper, Signature, Void, VoucherPaper, Words
from bansong_fund.lib.phones import format_phone
from bansong_fund.lib.thai_dates import format_range
from ledger.models import (
    Account,
    AccountRole,
    Document,
    DocumentVoid,
    PaymentMeans,
    PaymentVoucher,
    Receipt,
    ReceiptCopy,
    ReceiptKind,
)
from members.fund_head import fund_head
from members.identity import whole_id_for_paper
from members.models import Fund
from office.models import User


def receipt_paper(receipt: Receipt, fund: Fund, copy: ReceiptCopy | None = None, site: str = "") -> ReceiptPaper:
    """ใบเสร็จรับเงิน of a receipt with its lines, member and account loaded, as this copy; without one a preview.

    `site` is the address that the code on it leads to; a preview has no code, for it is not to be handed out.
    """
    return ReceiptPaper(
        fund=fund_head(fund),
        book=str(receipt.year_be),
        number=f"{receipt.number:06d}",
        issued_on=receipt.date,
        received_from=receipt.party_name,
        lines=tuple(PaperLine(Words(line.text_th, line.text_en), line.amount) for line in receipt.lines.all()),
        means=means_words(receipt),
        signature=Signature(_both("Receiver"), receipt.issued_by_name, receipt.issued_by_post),
        member_number=str(receipt.member.number) if receipt.member else "",
        period=_period(receipt),
        collector=_collector(receipt.account),
        gift=receipt.kind == ReceiptKind.GIFT,
        void=void_words(getattr(receipt, "void", None)),
        reprinted_on=localdate(copy.made_at) if copy and copy.number else None,
        copy_number=copy.number if copy else 0,
        preview=copy is None,
        qr=genuine_address(receipt, site) if copy and site else "",
    )


def genuine_address(receipt: Receipt, site: str) -> str:
    """Where the code on a receipt leads: the public page that says whether it is genuine."""
    return site + reverse("genuine", args=[receipt.public_token])


def voucher_paper(voucher: PaymentVoucher, fund: Fund, *, by: User) -> VoucherPaper:
    """ใบสำคัญจ่าย of a voucher with its lines and account loaded, for `by`.

    The recipient's whole ID number stands on it, since without it the paper proves no payment; that it was read is
    written down.
    """
    lines = list(voucher.lines.all())
    return VoucherPaper(
        fund=fund_head(fund),
        number=voucher.label,
        paid_on=voucher.date,
        recipient=voucher.party_name,
        lines=tuple(PaperLine(Words(line.text_th, line.text_en), line.amount) for line in lines),
        means=means_words(voucher),
        payer=_payer(voucher),
        id_number=_recipient_id(voucher, by),
        address=voucher.party_address,
        phone=format_phone(voucher.party_phone) if voucher.party_phone else "",
        claim_number=", ".join(sorted({line.claim_number for line in lines if line.claim_number})),
        resolution=voucher.resolution_label,
        account=account_words(voucher.account),
        received_by=voucher.party_name,
        witnesses=tuple(filter(None, (voucher.witness_name, voucher.second_witness_name))),
        thumb_print=voucher.is_thumb_print,
        # welfare of nobody by name is welfare of several, whose names stand on the sheet of their list
        annexed=voucher.member_id is None and any(line.claim_number for line in lines),
        void=void_words(getattr(voucher, "void", None)),
    )


def _payer(voucher: PaymentVoucher) -> Signature:
    """Who put the money into the receiver's hand: who carried it to her, else who paid at the desk."""
    carrier = voucher.account.holder
    if carrier is not None:
        return Signature(_both("Payer"), carrier.display_name, carrier.post)
    return Signature(_both("Payer"), voucher.issued_by_name, voucher.issued_by_post)


def _recipient_id(voucher: PaymentVoucher, by: User) -> str:
    whose = ("voucher", voucher.pk) if voucher.member_id is None else ("member", voucher.member_id)
    return whole_id_for_paper(
        voucher.recipient_id_encrypted,
        by=by,
        kind=whose[0],
        id=whose[1],
        name=voucher.party_name,
        paper=_("Payment voucher %(number)s") % {"number": voucher.label},
    )


def means_words(document: Document) -> Words:
    """ "Bank transfer", with the account or reference, in both languages."""
    means = PaymentMeans(document.means)
    words = {}
    for language in ("th", "en"):
        with override(language):
            words[language] = str(means.label)
    if document.means != PaymentMeans.CASH:
        place = account_words(document.account)
        words = {"th": f"{words['th']} {place.th}", "en": f"{words['en']} {place.en or place.th}"}
    reference = f" ({document.means_reference})" if document.means_reference else ""
    return Words(words["th"] + reference, words["en"] + reference)


def account_words(account: Account) -> Words:
    """A bank account by bank, branch and last digits; any other by its name."""
    if account.role != AccountRole.BANK:
        return Words(account.name_th, account.name_en)
    digits = f" xxx-{account.last_digits}" if account.last_digits else ""
    return Words(
        f"{account.bank_th} {account.branch_th}{digits}".strip(),
        f"{account.bank_en} {account.branch_en}{digits}".strip(),
    )


def void_words(void: DocumentVoid | None) -> Void | None:
    return Void(void.reason, void.voided_on, void.voided_by.display_name) if void is not None else None


def _period(receipt: Receipt) -> Words | str:
    """The span that dues cover, from the first line's first day to the last line's last."""
    lines = list(receipt.lines.all())
    first = min((line.covers_from for line in lines if line.covers_from), default=None)
    last = max((line.covers_until for line in lines if line.covers_until), default=None)
    if first is None or last is None:
        return ""
    return Words(format_range(first, last, "short", "th"), format_range(first, last, "short", "en"))


def _collector(account: Account) -> str:
    return account.holder.display_name if account.role == AccountRole.COLLECTOR and account.holder else ""


def _both(msgid: str) -> Words:
    words = {}
    for language in ("th", "en"):
        with override(language):
            words[language] = _(msgid)
    return Words(words["th"], words["en"])
