from django.urls import path

from ledger.views import books, papers

app_name = "ledger"

urlpatterns = [
    path("", books.money, name="money"),
    path("receipts/", papers.receipts, name="receipts"),
    path("receipts/<int:year>/<int:number>/", papers.receipt, name="receipt"),
    path("receipts/<int:year>/<int:number>/pdf/", papers.receipt_pdf, name="receipt_pdf"),
    path("paper-receipts/<str:book>/<int:number>/", papers.paper_receipt, name="paper_receipt"),
    path("vouchers/", papers.vouchers, name="vouchers"),
    path("vouchers/<int:year>/<int:number>/", papers.voucher, name="voucher"),
    path("vouchers/<int:year>/<int:number>/pdf/", papers.voucher_pdf, name="voucher_pdf"),
    path("accounts/<slug:code>/", books.account, name="account"),
    path("journal/", books.entries, name="entries"),
    path("journal/<int:number>/", books.entry, name="entry"),
    path("trial-balance/", books.trial_balance_page, name="trial_balance"),
]
