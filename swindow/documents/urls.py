"""Addresses of the public verification; mounted at /verify/, which is printed on every paper."""

from django.urls import path

from swindow.documents import views

app_name = "documents"

urlpatterns = [
    path("", views.verify, name="verify"),
    path("<str:code>/", views.verify_code, name="verify_code"),
]
