"""The addresses of the law: tariff, calculator, rules, exchange rates. Open to everybody."""

from django.urls import URLPattern

app_name = "tariffs"
urlpatterns: list[URLPattern] = []
