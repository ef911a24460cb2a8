"""Formulas of a pack in words: its operators as signs, the engine's names in the reader's language.

Names of the pack's own stay as they are, in `code`, so that they can be looked up beside the formula.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_countries import countries

from tariffs.expressions import Node, parse
from tariffs.law_names import row_name
from tariffs.names import regime_name, tax_name

_NAMES: Mapping[str, Promise] = {
    "value": gettext_lazy("customs value"),
    "value_raw": gettext_lazy("customs value before rounding"),
    "goods_value": gettext_lazy("price of the goods"),
    "freight": gettext_lazy("freight"),
    "insurance": gettext_lazy("insurance"),
    "total_mass": gettext_lazy("kg of the consignment"),
    "total_net_mass": gettext_lazy("net kg of the consignment"),
    "total_gross_mass": gettext_lazy("gross kg of the consignment"),
    "line_count": gettext_lazy("number of lines"),
    "unit_count": gettext_lazy("number of units"),
    "claim_count": gettext_lazy("number of lines that claim a preference"),
    "annual_used": gettext_lazy("what the buyer has used this year"),
    "consignee_type": gettext_lazy("buyer"),
    "country": gettext_lazy("country of import"),
    "ship_from": gettext_lazy("country of dispatch"),
    "transport_mode": gettext_lazy("mode of transport"),
    "entry_type": gettext_lazy("entry type"),
    "scheme": gettext_lazy("registration scheme of the seller"),
    "has_registration": gettext_lazy("the seller's number is valid"),
    "requested_regime": gettext_lazy("regime asked for"),
    "is_tax_included": gettext_lazy("prices include the tax"),
    "line_no": gettext_lazy("line number"),
    "line_value": gettext_lazy("customs value of the line"),
    "line_value_raw": gettext_lazy("customs value of the line before rounding"),
    "price": gettext_lazy("price of the line"),
    "freight_share": gettext_lazy("freight of the line"),
    "insurance_share": gettext_lazy("insurance of the line"),
    "retail_price": gettext_lazy("retail price"),
    "quantity": gettext_lazy("quantity"),
    "unit": gettext_lazy("unit"),
    "hs2": gettext_lazy("chapter"),
    "hs4": gettext_lazy("heading"),
    "hs6": gettext_lazy("subheading"),
    "commodity_code": gettext_lazy("commodity code"),
    "origin": gettext_lazy("country of origin"),
    "preference": gettext_lazy("preference claimed"),
    "description": gettext_lazy("description"),
    "content": gettext_lazy("net content of one unit"),
    "content_unit": gettext_lazy("unit of the net content"),
    "abv": gettext_lazy("alcohol by volume"),
    "mass": gettext_lazy("kg of the line"),
    "net_mass": gettext_lazy("net kg of the line"),
    "gross_mass": gettext_lazy("gross kg of the line"),
    "additional": gettext_lazy("additional duties"),
    "rate": gettext_lazy("rate"),
    "specific": gettext_lazy("amount per unit"),
    "base": gettext_lazy("base"),
    "duty": gettext_lazy("the rate as it is written"),
    "duties": gettext_lazy("all duties"),
    "charges": gettext_lazy("all charges"),
}
_WORDS: Mapping[str, Promise] = {
    "private": gettext_lazy("a private person"),
    "business": gettext_lazy("a business"),
    "air": gettext_lazy("air"),
    "sea": gettext_lazy("sea"),
    "road": gettext_lazy("road"),
    "rail": gettext_lazy("rail"),
    "post": gettext_lazy("post"),
    "courier": gettext_lazy("courier"),
}
_CALLS: Mapping[str, Promise] = {
    "min": gettext_lazy("the smaller of {0} and {1}"),
    "max": gettext_lazy("the larger of {0} and {1}"),
    "clamp": gettext_lazy("{0}, but at least {1} and at most {2}"),
    "round_down": gettext_lazy("{0}, cut down to a multiple of {1}"),
    "if": gettext_lazy("{1} if {0}, otherwise {2}"),
    "has": gettext_lazy("the goods are marked {0}"),
    "any_goods": gettext_lazy("some goods are marked {0}"),
    "all_goods": gettext_lazy("all goods are marked {0}"),
    "any_origin": gettext_lazy("some goods come from {0}"),
    "any_line": gettext_lazy("some line states {0}"),
    "every_line": gettext_lazy("every line states {0}"),
    "has_document": gettext_lazy("the paper {0} is there"),
    "mass_of": gettext_lazy("net kg of goods under {0}"),
    "charge": gettext_lazy("the rate on {0}"),
    "share": gettext_lazy("the line's share of {0}"),
    "rate_of": gettext_lazy("the rate of {0}"),
    "is_rated": gettext_lazy("{0} has a rate above nothing"),
}
_NOT: Mapping[str, Promise] = {
    "has": gettext_lazy("the goods are not marked {0}"),
    "any_goods": gettext_lazy("no goods are marked {0}"),
    "all_goods": gettext_lazy("not all goods are marked {0}"),
    "any_origin": gettext_lazy("no goods come from {0}"),
    "any_line": gettext_lazy("no line states {0}"),
    "every_line": gettext_lazy("not every line states {0}"),
    "has_document": gettext_lazy("the paper {0} is missing"),
    "is_rated": gettext_lazy("{0} has no rate above nothing"),
    "has_registration": gettext_lazy("the seller's number is not valid"),
    "is_tax_included": gettext_lazy("prices do not include the tax"),
}
_PLAIN_CALLS: Mapping[str, str] = {
    "gross_up": "{0} ÷ (1 − {1})",
    "ratio": "{0} ÷ {1}",
    "abs": "|{0}|",
    "convert": "{0} {1}",
}
_SIGNS = {
    "*": "×",
    "/": "÷",
    "-": "−",
    "+": "+",
    "==": "=",
    "!=": "≠",
    "<=": "≤",
    ">=": "≥",
    "<": "<",
    ">": ">",
}
_OF_COUNTRIES = frozenset(["country", "ship_from", "origin", "any_origin"])
_MARKING = frozenset(["has", "any_goods", "all_goods"])
_STATING = frozenset(["any_line", "every_line"])
_LAYER_ENDS: Mapping[str, Promise] = {
    "_raw": gettext_lazy("{tax} before rounding"),
    "_base": gettext_lazy("base of {tax}"),
    "_rate": gettext_lazy("rate of {tax}"),
}
# How tightly parts are bound; a part that is bound less than its whole goes into brackets.
_POWERS = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "negative": 6}
_COMPARING = frozenset(["==", "!=", "<", "<=", ">", ">="])
_LOOSE_CALLS = frozenset(["if", "min", "max", "clamp", "round_down"])


def in_words(formula: str, *, own: frozenset[str] = frozenset()) -> SafeString:
    """Return the formula in the reader's words, as HTML; names in `own` are the pack's.

    Raises ExpressionError for what is no formula.
    """
    return _Writer(own).write(parse(formula))


class _Writer:
    """Writes one formula, from its parts up."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own

    def write(self, node: Node) -> SafeString:
        """Return one part of the formula."""
        writers: dict[str, Callable[[Node], SafeString]] = {
            "number": lambda part: format_html("{}", _number(part.value)),
            "text": lambda part: format_html("{}", part.value),
            "constant": lambda part: format_html("{}", _("always") if part.value else _("never")),
            "name": self._name,
            "call": self._call,
            "not": self._not,
            "negative": lambda part: format_html("−{}", self._inside(part.children[0], least=6)),
            "and": self._all,
            "or": self._any,
        }
        return writers.get(node.kind, self._pair)(node)

    def _name(self, node: Node) -> SafeString:
        name = str(node.value)
        if name in self._own:
            return format_html("<code>{}</code>", name)
        if name in _NAMES:
            return format_html("{}", _NAMES[name])
        return format_html("{}", _layer_name(name))

    def _call(self, node: Node, forms: Mapping[str, Promise] = _CALLS) -> SafeString:
        name = str(node.value)
        if name in _MARKING | _OF_COUNTRIES | _STATING:
            shown = [format_html("{}", _text(str(node.children[0].value), of=name))]
        else:
            shown = [self._argument(child, of=name) for child in node.children]
        # A function that this module does not know yet is shown as the pack writes it.
        bare = f"{name}({', '.join('{}' for _argument in shown)})"
        form = _PLAIN_CALLS.get(name) or str(forms.get(name, bare))
        # min and max take any number of values; they are written two by two.
        while len(shown) > 2 and name in ("min", "max"):
            shown = [format_html(form, *shown[:2]), *shown[2:]]
        return format_html(form, *shown)

    def _argument(self, node: Node, *, of: str) -> SafeString:
        if node.kind == "text":
            return format_html("{}", node.value)
        return self._inside(node, least=7 if of in ("gross_up", "ratio", "convert") else 0)

    def _not(self, node: Node) -> SafeString:
        child = node.children[0]
        if child.kind == "call" and child.value in _NOT:
            return self._call(child, _NOT)
        if child.kind == "name" and child.value in _NOT:
            return format_html("{}", _NOT[child.value])
        return format_html(_("not {0}"), self._inside(child, least=4))

    def _all(self, node: Node) -> SafeString:
        left, right = (self._inside(child, least=2) for child in node.children)
        return format_html(_("{0} and {1}"), left, right)

    def _any(self, node: Node) -> SafeString:
        sides = _alternatives(node)
        first = sides[0].children[0] if sides[0].kind == "==" else None
        if first is not None and all(_is_one_of(side, name=first.value) for side in sides):
            return self._one_of(first, [str(side.children[1].value) for side in sides])
        *others, last = (self._inside(side, least=3) for side in sides)
        return format_html(
            _("{0} or {1}"), format_html_join(_comma(), "{}", ((one,) for one in others)), last
        )

    def _one_of(self, subject: Node, texts: list[str]) -> SafeString:
        words = [_text(text, of=str(subject.value)) for text in texts]
        listed = _("{0} or {1}").format(_comma().join(words[:-1]), words[-1])
        return format_html(_("{0} is {1}"), self.write(subject), listed)

    def _pair(self, node: Node) -> SafeString:
        left, right = node.children
        if node.kind in ("==", "!=") and right.kind == "text":
            return self._stated(node)
        power = 5 if node.kind in _COMPARING else _POWERS[node.kind]
        # What is taken off or divided by is bound more tightly: a − (b − c).
        tighter = power + (node.kind in ("-", "/"))
        parts = self._inside(left, least=power), self._inside(right, least=tighter)
        return format_html("{} {} {}", parts[0], _SIGNS.get(node.kind, node.kind), parts[1])

    def _stated(self, node: Node) -> SafeString:
        left, right = node.children
        subject, text = self.write(left), str(right.value)
        if not text:
            form = _("no {0} is stated") if node.kind == "==" else _("{0} is stated")
            return format_html(form, subject)
        form = _("{0} is {1}") if node.kind == "==" else _("{0} is not {1}")
        return format_html(form, subject, _text(text, of=str(left.value)))

    def _inside(self, node: Node, *, least: int) -> SafeString:
        return format_html("({})", self.write(node)) if _power(node) < least else self.write(node)


def _alternatives(node: Node) -> list[Node]:
    if node.kind != "or":
        return [node]
    return [side for child in node.children for side in _alternatives(child)]


def _is_one_of(node: Node, *, name: str) -> bool:
    is_pair = node.kind == "==" and node.children[1].kind == "text"
    return is_pair and node.children[0].kind == "name" and node.children[0].value == name


def _power(node: Node) -> int:
    if node.kind in _COMPARING:
        return 4
    if node.kind == "call":
        return 0 if node.value in _LOOSE_CALLS else 6 if node.value in _PLAIN_CALLS else 9
    return _POWERS.get(node.kind, 9)


def _layer_name(name: str) -> str:
    for end, form in _LAYER_ENDS.items():
        if name.endswith(end):
            return str(form).format(tax=tax_name(name.removesuffix(end)))
    return tax_name(name)


def _comma() -> str:
    return pgettext("between names", ", ")


def _text(text: str, *, of: str) -> str:
    if not text:
        return _("not stated")
    if of in _OF_COUNTRIES:
        return str(countries.name(text) or text)
    if of in _STATING:
        return str(_NAMES.get(text, text))
    if of in _MARKING:
        return f"“{row_name(text)}”"
    if of == "requested_regime":
        return f"“{regime_name(text)}”"
    return str(_WORDS.get(text, text))


def _number(number: Decimal) -> str:
    return f"{number:,f}" if number >= 1 else f"{number:f}"
