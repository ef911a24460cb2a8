"""Rows of the law: it is open to everybody, signed in or not."""

from tests.access.rows.row import ACTORS, Row, open_to_all

_LANDED = {
    "country": "NL",
    "currency": "EUR",
    "1-commodity_code": "610910",
    "1-origin": "CN",
    "1-price": "40",
}
_FACTS = {
    "jurisdiction": "NL",
    "dates": {"acceptance": "2026-11-22"},
    "goods_items": [{"commodity_code": "610910", "item_price": {"amount": "40", "currency": "EUR"}}],
}
LAW: tuple[Row, ...] = (
    # tariffs
    open_to_all("tariffs:tariff"),
    open_to_all("tariffs:suggestions"),
    open_to_all("tariffs:commodity", arguments={"code": "commodity"}),
    Row("law:commodities", data={"q": "cotton t-shirt"}, may=ACTORS),
    Row("law:commodity", {"code": "commodity"}, may=ACTORS),
    open_to_all("tariffs:rules"),
    open_to_all("tariffs:jurisdiction", arguments={"jurisdiction": "law"}),
    open_to_all("tariffs:rule", arguments={"jurisdiction": "law", "rule": "rule"}),
    open_to_all("tariffs:exchange_rates"),
    Row("law:exchange_rates", data={"jurisdiction": "CN", "on": "2026-10-15"}, may=ACTORS),
    open_to_all("tariffs:calculator"),
    Row("tariffs:compare_countries", data=_LANDED, may=ACTORS),
    Row("tariffs:compare_codes", data=_LANDED, may=ACTORS),
    Row("law:assessments", method="post", data=_FACTS, may=ACTORS),
)
