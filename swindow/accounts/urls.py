"""Addresses of the organisation's pages and of the officers' verification cases."""

from django.urls import path

from swindow.accounts import views
from swindow.accounts.views import desk, directory, mandates

app_name = "accounts"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/deferment/", views.deferment, name="deferment"),
    path("organisation/agents/", mandates.agents, name="agents"),
    path("organisation/profile/", directory.profile, name="profile"),
    path("organisation/tokens/", views.token_create, name="token_create"),
    path("organisation/tokens/<slug:fingerprint>/revoke/", views.token_revoke, name="token_revoke"),
    path("organisation/people/", views.people, name="people"),
    path("organisation/people/role/", views.member_role, name="member_role"),
    path("organisation/people/remove/", views.member_remove, name="member_remove"),
    path("organisation/people/leave/", views.member_leave, name="member_leave"),
    path("organisation/invitations/", views.invite, name="invite"),
    path(
        "organisation/invitations/<slug:reference>/resend/", views.invitation_resend, name="invitation_resend"
    ),
    path(
        "organisation/invitations/<slug:reference>/withdraw/",
        views.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("organisation/history/", views.history, name="history"),
    path("organisation/join/<str:invitation>/", views.join, name="join"),
    path("mandates/<slug:reference>/", mandates.mandate, name="mandate"),
    path("mandates/<slug:reference>/change/", mandates.mandate_change, name="mandate_change"),
    path("mandates/<slug:reference>/accept/", mandates.mandate_accept, name="mandate_accept"),
    path("mandates/<slug:reference>/decline/", mandates.mandate_decline, name="mandate_decline"),
    path("mandates/<slug:reference>/end/", mandates.mandate_end, name="mandate_end"),
    path("desk/client/", desk.client_choose, name="client_choose"),
    path("agents/", directory.directory, name="directory"),
    path("agents/<slug:reference>/", directory.directory_agent, name="directory_agent"),
    path("help/<slug:reference>/", directory.help_request, name="help"),
    path("help/<slug:reference>/withdraw/", directory.help_withdraw, name="help_withdraw"),
    path("verifications/", views.verifications, name="verifications"),
    path("verifications/<slug:reference>/", views.verification, name="verification"),
    path("verifications/<slug:reference>/document/", views.identity_document, name="identity_document"),
]
