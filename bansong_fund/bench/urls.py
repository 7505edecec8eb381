"""The program's routes and the two that it is measured against, open to everyone who is signed in."""

from django.urls import path

from bansong_fund.bench.bare import BARE_PAGE, PAPER_ALONE, bare_page, paper_alone
from bansong_fund.urls import urlpatterns as program
from office.roles import PERMISSIONS, SIGNED_IN

PERMISSIONS[BARE_PAGE] = PERMISSIONS[PAPER_ALONE] = SIGNED_IN

urlpatterns = [
    path("bench/bare/", bare_page, name=BARE_PAGE),
    path("bench/paper/", paper_alone, name=PAPER_ALONE),
    *program,
]
