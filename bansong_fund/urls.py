"""Every address of the program. The permission table in `office/roles.py` names who may open each."""

from django.urls import URLPattern, URLResolver, include, path

from ledger.views.genuine import genuine

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("office.urls")),
    path("members/", include("members.urls")),
    path("books/", include("ledger.urls")),
    path("money-in/", include("contributions.urls")),
    path("genuine/<str:token>/", genuine, name="genuine"),
    path("", include("welfare.urls")),
    path("", include("reports.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
