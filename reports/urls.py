from django.urls import path

from reports.views import counts, fund, home, opening, papers, statement

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
]
