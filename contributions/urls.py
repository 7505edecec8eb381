from django.urls import path

from contributions import sheet_views, views

app_name = "contributions"

urlpatterns = [
    path("", views.home, name="home"),
    path("dues/", views.find_payer, name="find_payer"),
    path("dues/<int:number>/", views.dues, name="dues"),
    path("grants/<slug:source>/", views.grant, name="grant"),
    path("round/", views.matching_round, name="round"),
    path("gift/", views.gift, name="gift"),
    path("interest/", views.interest, name="interest"),
    path("cost/", views.cost, name="cost"),
    path("transfer/", views.transfer, name="transfer"),
    path("receipts/<int:year>/<int:number>/void/", views.receipt_void, name="void_receipt"),
    path("receipts/<int:year>/<int:number>/void/confirm/", views.receipt_void_confirm, name="confirm_void"),
    path("vouchers/<int:year>/<int:number>/void/", views.voucher_void, name="void_voucher"),
    path("collect/", sheet_views.sheet, name="sheet"),
    path("sheets/", sheet_views.sheets, name="sheets"),
    path("sheets/open/", sheet_views.sheet_open, name="open_sheet"),
    path("sheets/<int:year>/<int:number>/", sheet_views.fill, name="fill"),
    path("sheets/<int:year>/<int:number>/submit/", sheet_views.submit, name="submit"),
    path("sheets/<int:year>/<int:number>/accept/", sheet_views.accept, name="accept"),
    path("sheets/<int:year>/<int:number>/pdf/", sheet_views.paper, name="sheet_pdf"),
]
