from django.urls import path

from ledger.views import books, closing, numbers, papers, reversing

app_name = "ledger"

urlpatterns = [
    path("", books.money, name="money"),
    path("receipts/", papers.receipts, name="receipts"),
    path("receipts/<int:year>/<int:number>/", papers.receipt, name="receipt"),
    path("receipts/<int:year>/<int:number>/pdf/", papers.receipt_pdf, name="receipt_pdf"),
    path("receipts/<int:year>/<int:number>/print/", papers.print_one, name="print_receipt"),
    path("receipts/<int:year>/<int:number>/copies/<int:copy>/", papers.receipt_copy, name="receipt_copy"),
    path("receipts/of-entry/<int:entry>/", papers.receipts_of_sheet, name="print_receipts"),
    path("receipts/numbers/", numbers.numbers, name="numbers"),
    path("receipts/numbers/<slug:form>/", numbers.numbers_as_file, name="numbers_file"),
    path("voids/", numbers.voids, name="voids"),
    path("voids/pdf/", numbers.voids_pdf, name="voids_pdf"),
    path("paper-receipts/<str:book>/<int:number>/", papers.paper_receipt, name="paper_receipt"),
    path("vouchers/", papers.vouchers, name="vouchers"),
    path("vouchers/<int:year>/<int:number>/", papers.voucher, name="voucher"),
    path("vouchers/<int:year>/<int:number>/pdf/", papers.voucher_pdf, name="voucher_pdf"),
    path("accounts/<slug:code>/", books.account, name="account"),
    path("accounts/<slug:code>/<slug:form>/", books.account_file, name="account_file"),
    path("journal/", books.entries, name="entries"),
    path("journal/<int:number>/", books.entry, name="entry"),
    path("journal/<int:number>/reverse/", reversing.reverse, name="reverse"),
    path("journal/<int:number>/reverse/confirm/", reversing.confirm, name="confirm_reversal"),
    path("journal/file/<slug:form>/", books.entries_file, name="entries_file"),
    path("trial-balance/", books.trial_balance_page, name="trial_balance"),
    path("trial-balance/<slug:form>/", books.trial_balance_file, name="trial_balance_file"),
    path("closing/", closing.closing, name="closing"),
    path("closing/years/<int:year_be>/", closing.year, name="closing_year"),
    path("closing/years/<int:year_be>/close/", closing.close_year, name="close_year"),
    path("closing/years/<int:year_be>/pdf/", closing.year_pdf, name="closing_year_pdf"),
    path("closing/<str:text>/", closing.month, name="closing_month"),
    path("closing/<str:text>/close/", closing.close, name="close_month"),
    path("closing/<str:text>/pdf/", closing.month_pdf, name="closing_month_pdf"),
    path("cash-book/", books.cash_book_page, name="cash_book"),
    path("cash-book/<slug:form>/", books.cash_book_file, name="cash_book_file"),
]
