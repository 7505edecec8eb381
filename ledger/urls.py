from django.urls import path

from ledger import views

app_name = "ledger"

urlpatterns = [
    path("", views.money, name="money"),
    path("receipts/", views.receipts, name="receipts"),
    path("receipts/<int:year>/<int:number>/", views.receipt, name="receipt"),
    path("receipts/<int:year>/<int:number>/pdf/", views.receipt_pdf, name="receipt_pdf"),
    path("vouchers/", views.vouchers, name="vouchers"),
    path("vouchers/<int:year>/<int:number>/", views.voucher, name="voucher"),
    path("vouchers/<int:year>/<int:number>/pdf/", views.voucher_pdf, name="voucher_pdf"),
    path("accounts/<slug:code>/", views.account, name="account"),
    path("journal/", views.entries, name="entries"),
    path("journal/<int:number>/", views.entry, name="entry"),
    path("trial-balance/", views.trial_balance_page, name="trial_balance"),
]
