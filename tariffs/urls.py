"""The addresses of the law: tariff, calculator, rules, exchange rates. Open to everybody."""

from django.urls import URLPattern, path

from tariffs.views import rules

app_name = "tariffs"
urlpatterns: list[URLPattern] = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:jurisdiction>/", rules.jurisdiction, name="jurisdiction"),
    path("rules/<slug:jurisdiction>/<slug:rule>/", rules.rule, name="rule"),
]
