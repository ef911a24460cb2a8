"""The operations of the law. Open to everybody, throttled."""

from django.urls import URLPattern, path

from tariffs.api import assessments, commodities, exchange_rates

app_name = "law"
urlpatterns: list[URLPattern] = [
    path("commodities", commodities.search_commodities, name="commodities"),
    path("commodities/<str:code>", commodities.read_commodity, name="commodity"),
    path("assessments", assessments.assess_consignments, name="assessments"),
    path("exchange-rates", exchange_rates.list_exchange_rates, name="exchange_rates"),
]
