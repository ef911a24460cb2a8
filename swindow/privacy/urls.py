"""Addresses of the pages about personal data."""

from django.urls import path

from swindow.privacy import views

app_name = "privacy"

urlpatterns = [
    path("", views.notice, name="notice"),
    path("agree/", views.agree, name="agree"),
    path("looks/", views.looks, name="looks"),
    path("mine/", views.mine, name="mine"),
    path("mine/copies/", views.copy_ask, name="copy_ask"),
    path("mine/copies/<slug:reference>/", views.copy_download, name="copy_download"),
    path("mine/erasure/", views.erasure_ask, name="erasure_ask"),
]
