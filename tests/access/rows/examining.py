"""Rows of the officers' desk."""

from collections.abc import Mapping

from tests.access.rows.row import OFFICERS, Row

# Only customs and the tax office write law.
LAWMAKERS = ("customs", "tax")


def _review(route: str, **options: object) -> Row:
    of_customs = {"authority": "authority", "reference": "held"}
    return Row(f"inspection:{route}", of_customs, may=("customs",), **options)  # type: ignore[arg-type]


def _law(route: str, arguments: Mapping[str, str] | None = None, **options: object) -> Row:
    of_customs = {"reference": "law_draft", **(arguments or {})}
    return Row(f"inspection:{route}", of_customs, may=LAWMAKERS, **options)  # type: ignore[arg-type]


EXAMINING = (
    Row("inspection:queue", may=OFFICERS),
    _review("review"),
    Row(
        "inspection:paper",
        {"authority": "authority", "reference": "held", "number": "certificate"},
        may=("customs",),
    ),
    _review("decide", method="post", data={"decision": "approve", "reason_code": "C00"}, gets=302),
    _review("show_number", method="post"),
    _review("take", method="post", gets=302),
    _review("take_over", method="post", gets=302),
    _review("give_back", method="post", gets=302),
    Row("inspection:packs", may=LAWMAKERS),
    _law("pack_draft"),
    _law("pack_rates"),
    _law("pack_rate_add"),
    _law("pack_rate", {"line": "law_line"}),
    _law("pack_parameters"),
    _law("pack_parameter_add"),
    _law("pack_parameter", {"line": "law_parameter"}),
    _law("pack_file", {"name": "law_file"}),
    _law("pack_propose", method="post", data={"seen": "{law_seen}"}, gets=302),
    _law("pack_withdraw", method="post", data={"note": "Next year."}, gets=302),
    _law(
        "pack_publish", {"reference": "proposal"}, method="post", data={"seen": "{proposal_seen}"}, gets=302
    ),
    _law("pack_send_back", {"reference": "proposal"}, method="post", data={"note": "The limit?"}, gets=302),
)
