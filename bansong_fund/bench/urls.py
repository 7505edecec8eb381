"""The program's routes and those that only a bench needs, open to everyone who is signed in."""

from django.urls import path

from bansong_fund.bench.yardsticks import ANNUAL_REPORT, BARE_PAGE, PAPER_ALONE, bare_page, paper_alone, whole_report
from bansong_fund.urls import urlpatterns as program
from office.roles import PERMISSIONS, SIGNED_IN

PERMISSIONS.update(dict.fromkeys((BARE_PAGE, ANNUAL_REPORT, PAPER_ALONE), SIGNED_IN))

urlpatterns = [
    path("bench/bare/", bare_page, name=BARE_PAGE),
    path("bench/report/<int:year_be>/", whole_report, name=ANNUAL_REPORT),
    path("bench/paper/", paper_alone, name=PAPER_ALONE),
    *program,
]
