from django.urls import path

from reports.views import fund, home, papers

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("home-visits/", home.home_visits, name="home_visits"),
    path("check-books/", home.check_books, name="check_books"),
    path("check-books/result/", home.verdict, name="verdict"),
    path("glance/", papers.glance, name="glance"),
    path("reports/", papers.reports, name="reports"),
    path("first-steps/", fund.first_steps, name="first_steps"),
    path("settings/", fund.settings, name="settings"),
    path("settings/bank/", fund.new_bank, name="new_bank"),
]
