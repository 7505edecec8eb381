from django.urls import path

from reports.views import board, counts, fund, funders, home, opening, papers, statement

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("check-books/", home.check_books, name="check_books"),
    path("check-books/result/", home.verdict, name="verdict"),
    path("statement/", statement.statement, name="statement"),
    path("statement/<slug:form>/", statement.statement_file, name="statement_file"),
    path("glance/", papers.glance, name="glance"),
    path("reports/", papers.reports, name="reports"),
    path("member-counts/", counts.counts_page, name="member_counts"),
    path("member-counts/matchable/list.xlsx", counts.matchable_sheet, name="matchable_sheet"),
    path("member-counts/<slug:table>.xlsx", counts.counts_sheet, name="member_counts_sheet"),
    path("member-counts/<slug:language>.pdf", counts.counts_pdf, name="member_counts_pdf"),
    path("first-steps/", fund.first_steps, name="first_steps"),
    path("opening/", opening.opening, name="opening"),
    path("opening/cut-over/", opening.cutover, name="opening_cutover"),
    path("opening/begin/", opening.begin, name="opening_begin"),
    path("opening/leader/", opening.leader, name="opening_leader"),
    path("opening/money/<slug:code>/", opening.place, name="opening_place"),
    path("opening/totals/<slug:part>/", opening.totals, name="opening_totals"),
    path("opening/note/", opening.note, name="opening_note"),
    path("opening/lock/", opening.lock, name="opening_lock"),
    path("opening/paper/", opening.paper, name="opening_pdf"),
    path("settings/", fund.settings, name="settings"),
    path("settings/bank/", fund.new_bank, name="new_bank"),
    # papers for CODI, the municipality, the province
    path("funders/", funders.funders, name="funders"),
    path("funders/municipality/beneficiaries/", funders.beneficiaries, name="beneficiaries"),
    path("funders/<slug:paper>/", funders.funder_paper, name="funder_paper"),
    path("funders/<slug:paper>/questions/", funders.funder_questions, name="funder_questions"),
    path("funders/<slug:paper>/<slug:form>/", funders.funder_file, name="funder_file"),
    # notice board, the community's and the month's report
    path("notice-board/", board.board, name="notice_board"),
    path("notice-board/<int:number>.pdf", board.board_sheet_pdf, name="board_pdf"),
    path("notice-board/sheets.xlsx", board.board_xlsx, name="board_xlsx"),
    path("notice-board/all/", board.all_sheets, name="board_all"),
    path("board/", board.public_board, name="public_board"),
    path("board/<int:number>/", board.public_board, name="public_community_board"),
]
