from django.urls import path

from contributions.views import grants, money, sheets

app_name = "contributions"

urlpatterns = [
    path("", money.home, name="home"),
    path("dues/", money.find_payer, name="find_payer"),
    path("dues/<int:number>/", money.dues, name="dues"),
    path("grants/<slug:source>/", grants.grant, name="grant"),
    path("round/", grants.matching_round, name="round"),
    path("legs/", grants.legs, name="legs"),
    path("gift/", money.gift, name="gift"),
    path("interest/", money.interest, name="interest"),
    path("cost/", money.cost, name="cost"),
    path("transfer/", money.transfer, name="transfer"),
    path("receipts/<int:year>/<int:number>/void/", money.receipt_void, name="void_receipt"),
    path("receipts/<int:year>/<int:number>/void/confirm/", money.receipt_void_confirm, name="confirm_void"),
    path("vouchers/<int:year>/<int:number>/void/", money.voucher_void, name="void_voucher"),
    path("collect/", sheets.sheet, name="sheet"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/open/", sheets.sheet_open, name="open_sheet"),
    path("sheets/<int:year>/<int:number>/", sheets.fill, name="fill"),
    path("sheets/<int:year>/<int:number>/submit/", sheets.submit, name="submit"),
    path("sheets/<int:year>/<int:number>/accept/", sheets.accept, name="accept"),
    path("sheets/<int:year>/<int:number>/pdf/", sheets.paper, name="sheet_pdf"),
]
