from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("", views.member_list, name="list"),
    path("enrol/", views.enrol, name="enrol"),
    path("communities/", views.community_list, name="communities"),
    path("communities/<int:number>/", views.community, name="community"),
    path("communities/<int:number>/leaders/", views.appoint, name="appoint_leader"),
    path("communities/<int:number>/leaders/<int:leadership_id>/end/", views.dismiss, name="end_leadership"),
]
