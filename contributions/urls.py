from django.urls import path

from contributions.views import commitments, filling, grants, money, rounds, sheet_sends, sheets

app_name = "contributions"

urlpatterns = [
    path("", money.home, name="home"),
    path("dues/", money.find_payer, name="find_payer"),
    path("dues/<int:number>/", money.dues, name="dues"),
    path("grants/<slug:source>/", grants.grant, name="grant"),
    path("round/", grants.matching_round, name="round"),
    path("commitments/", commitments.commitments, name="commitments"),
    path("commitments/new/<slug:source>/", commitments.new_commitment, name="new_commitment"),
    path("commitments/<int:key>/", commitments.commitment, name="commitment"),
    path("commitments/<int:key>/papers/", commitments.commitment_papers, name="commitment_papers"),
    path("commitments/<int:key>/letter/", commitments.commitment_letter, name="commitment_letter"),
    path("commitments/<int:key>/<slug:state>/", commitments.commitment_step, name="commitment_step"),
    path("rounds/", rounds.all_rounds, name="rounds"),
    path("rounds/next/", rounds.next_round, name="next_round"),
    path("rounds/<int:number>/", rounds.round_members, name="round_members"),
    path("rounds/<slug:which>/list.xlsx", rounds.round_list_sheet, name="round_sheet"),
    path("rounds/<slug:which>/paper/", rounds.round_list_paper, name="round_paper"),
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
    path("sheets/<int:year>/<int:number>/", filling.fill, name="fill"),
    path("sheets/<int:year>/<int:number>/send/", sheet_sends.send, name="send_sheet"),
    path("sheets/<int:year>/<int:number>/submit/", sheets.submit, name="submit"),
    path("sheets/<int:year>/<int:number>/accept/", sheets.accept, name="accept"),
    path("sheets/<int:year>/<int:number>/pdf/", sheets.paper, name="sheet_pdf"),
]
