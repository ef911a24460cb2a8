"""Addresses of the organisation's pages and of the officers' verification cases."""

from django.urls import path

from swindow.accounts import views
from swindow.accounts.views import desk, directory, mandates, sign_in

app_name = "accounts"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/company/", views.company_change, name="company_change"),
    path("organisation/contacts/", views.contacts, name="contacts"),
    path("organisation/numbers/", views.customs_codes, name="customs_codes"),
    path("organisation/account/", views.bank_account, name="bank_account"),
    path("organisation/answer/", views.verification_answer, name="verification_answer"),
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
    path("help/", directory.help_ask, name="help_ask"),
    path("help/<slug:reference>/", directory.help_request, name="help"),
    path("help/<slug:reference>/withdraw/", directory.help_withdraw, name="help_withdraw"),
    path("officers/", views.officers, name="officers"),
    path("officers/propose/", views.officer_propose, name="officer_propose"),
    path("officers/dismiss/", views.officer_dismiss, name="officer_dismiss"),
    path("officers/<slug:reference>/confirm/", views.officer_confirm, name="officer_confirm"),
    path("officers/<slug:reference>/withdraw/", views.officer_withdraw, name="officer_withdraw"),
    path("accounts/sessions/<int:session>/end/", sign_in.session_end, name="session_end"),
    path("accounts/2fa/later/", sign_in.second_step_later, name="second_step_later"),
    path("verifications/", views.verifications, name="verifications"),
    path("verifications/<slug:reference>/", views.verification, name="verification"),
    path("verifications/<slug:reference>/ask/", views.verification_ask, name="verification_ask"),
    path("verifications/<slug:reference>/verify/", views.verification_verify, name="verification_verify"),
    path("verifications/<slug:reference>/refuse/", views.verification_refuse, name="verification_refuse"),
    path("verifications/<slug:reference>/suspend/", views.verification_suspend, name="verification_suspend"),
    path(
        "verifications/<slug:reference>/reinstate/",
        views.verification_reinstate,
        name="verification_reinstate",
    ),
    path("verifications/<slug:reference>/reveal/", views.verification_reveal, name="verification_reveal"),
    path("verifications/<slug:reference>/files/<slug:file_reference>/", views.case_file, name="case_file"),
]
