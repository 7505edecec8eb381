from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("", views.member_list, name="list"),
    path("enrol/", views.enrol, name="enrol"),
    path("communities/", views.community_list, name="communities"),
    path("communities/<int:number>/", views.rename_community, name="community"),
]
