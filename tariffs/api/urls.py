"""The operations of the law. Open to everybody, throttled."""

from django.urls import URLPattern

app_name = "law"
urlpatterns: list[URLPattern] = []
