"""Rows of products and declarations."""

from collections.abc import Mapping

from tests.access.rows.row import NOT_BY_ROLE, OFFICERS, OWN, Row, signed_in


def _draft(route: str, arguments: Mapping[str, str] | None = None, **options: object) -> Row:
    terms = {"may": OWN, "except_for": NOT_BY_ROLE, **options}
    return Row(f"declarations:{route}", {"reference": "draft", **(arguments or {})}, **terms)  # type: ignore[arg-type]


SELLING = (
    signed_in("declarations:overview"),
    signed_in("declarations:products"),
    signed_in("declarations:list"),
    signed_in("declarations:codes"),
    # Whoever declares for nobody is sent to register a company first.
    signed_in(
        "declarations:product_new",
        except_for={**dict.fromkeys(("former_broker", *OFFICERS, "administrator"), 302), **NOT_BY_ROLE},
    ),
    signed_in(
        "declarations:new",
        except_for={**dict.fromkeys(("former_broker", *OFFICERS, "administrator"), 302), **NOT_BY_ROLE},
    ),
    Row("declarations:product_edit", {"reference": "product"}, may=(*OWN, "viewer")),
    Row("declarations:product_picture", {"reference": "product"}, may=(*OWN, "viewer")),
    _draft("detail", may=(*OWN, "viewer"), except_for={}),
    _draft("parties"),
    _draft("transport"),
    _draft("goods"),
    _draft("line_new"),
    _draft("line_edit", {"line_no": "line"}),
    _draft("documents"),
    _draft("inspection", may=(*OWN, "viewer"), except_for={}),
    _draft("tax"),
    _draft("check", may=(*OWN, "viewer"), except_for={}),
    _draft("line_forget", method="post", gets=302),
    _draft("line_remove", {"line_no": "line"}, method="post", gets=302),
    _draft("document_remove", {"file_reference": "file"}, method="post", gets=302),
    Row(
        "declarations:answer",
        {"reference": "held", "authority": "authority"},
        method="post",
        data={"customs-answer": "The list is right."},
        may=OWN,
        gets=302,
        except_for=NOT_BY_ROLE,
    ),
    Row(
        "declarations:pay",
        {"reference": "held"},
        method="post",
        data={"method": "card"},
        may=OWN,
        gets=302,
        except_for=NOT_BY_ROLE,
    ),
    # Officers examine what they hold, but the papers are the declarant's and its agents' alone.
    Row("declarations:paper", {"reference": "released", "number": "paper"}, may=(*OWN, "viewer")),
    Row(
        "declarations:file",
        {"reference": "held", "file_reference": "held_file"},
        may=(*OWN, "viewer", *OFFICERS),
    ),
)
