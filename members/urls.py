from django.urls import path

from members.views import communities, register

app_name = "members"

urlpatterns = [
    path("", register.member_list, name="list"),
    path("enrol/", register.enrol, name="enrol"),
    path("communities/", communities.community_list, name="communities"),
    path("communities/<int:number>/", communities.community, name="community"),
    path("communities/<int:number>/leaders/", communities.appoint, name="appoint_leader"),
    path("communities/<int:number>/leaders/<int:leadership_id>/end/", communities.dismiss, name="end_leadership"),
]
