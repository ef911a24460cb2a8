"""Addresses of the organisation's pages and of the officers' verification cases."""

from django.urls import path

from swindow.accounts import views

app_name = "accounts"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/deferment/", views.deferment, name="deferment"),
    path("organisation/mandates/", views.mandate_give, name="mandate_give"),
    path("organisation/mandates/<slug:agent>/revoke/", views.mandate_revoke, name="mandate_revoke"),
    path("organisation/tokens/", views.token_create, name="token_create"),
    path("organisation/tokens/<slug:fingerprint>/revoke/", views.token_revoke, name="token_revoke"),
    path("organisation/invitations/", views.invite, name="invite"),
    path("organisation/join/<str:invitation>/", views.join, name="join"),
    path("verifications/", views.verifications, name="verifications"),
    path("verifications/<slug:reference>/", views.verification, name="verification"),
    path("verifications/<slug:reference>/document/", views.identity_document, name="identity_document"),
]
