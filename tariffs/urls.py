"""The addresses of the law: tariff, calculator, rules, exchange rates. Open to everybody."""

from django.urls import URLPattern, path

from tariffs.converters import CODE
from tariffs.views import browser, calculator, comparison, exchange_rates, rules

app_name = "tariffs"
urlpatterns: list[URLPattern] = [
    path("tariff/", browser.tariff, name="tariff"),
    path("tariff/suggestions/", browser.suggestions, name="suggestions"),
    path(f"tariff/{CODE}/", browser.commodity, name="commodity"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<slug:jurisdiction>/", rules.jurisdiction, name="jurisdiction"),
    path("rules/<slug:jurisdiction>/<slug:rule>/", rules.rule, name="rule"),
    path("exchange-rates/", exchange_rates.exchange_rates, name="exchange_rates"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("calculator/countries/", comparison.compare_countries, name="compare_countries"),
    path("calculator/codes/", comparison.compare_codes, name="compare_codes"),
]
