"""Who may do what: a row for each route and each operation. One without a row does not pass the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PEOPLE = ("seller", "colleague", "broker", "former_broker", "rival", "customs", "quarantine", "administrator")
# Without a session, and with one of a person who was disabled afterwards.
STRANGERS = ("anonymous", "disabled")
ACTORS = (*PEOPLE, *STRANGERS)

OWN = ("seller", "colleague", "broker")
OWNERS = ("seller", "broker", "former_broker", "rival")
MEMBERS = (*OWNERS, "colleague")
OFFICERS = ("customs", "quarantine")
EVERYBODY = PEOPLE
TO_SIGN_IN = 302


@dataclass(frozen=True)
class Row:
    """One route: how it is asked, who may, and what they and all others get."""

    route: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    method: str = "get"
    # A text "{name}" stands for the world's argument of that name.
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    may: tuple[str, ...] = ()
    gets: int = 200
    others: int = 404
    strangers: int = TO_SIGN_IN
    # Single exceptions to the lines above.
    except_for: Mapping[str, int] = field(default_factory=dict)

    def expected(self, actor: str) -> int:
        """Return the status that this actor gets."""
        if actor in self.except_for:
            return self.except_for[actor]
        if actor in self.may:
            return self.gets
        return self.strangers if actor in STRANGERS else self.others

    def is_open_to(self, actor: str) -> bool:
        """Tell whether the actor gets what is asked for."""
        return actor in self.may

    @property
    def is_api(self) -> bool:
        """Tell whether a token opens it, not a session."""
        return self.route.startswith(("api:", "law:", "agency_"))


def _open(route: str, *, gets: int = 200, arguments: Mapping[str, str] | None = None) -> Row:
    return Row(route, arguments or {}, may=ACTORS, gets=gets)


def _signed_in(route: str, **options: object) -> Row:
    return Row(route, may=EVERYBODY, **options)  # type: ignore[arg-type]


def _post(route: str, **options: object) -> Row:
    return Row(route, method="post", **options)  # type: ignore[arg-type]


def _verdict(act: str, case: str = "case", **options: object) -> Row:
    terms = {"method": "post", "may": ("customs",), "gets": 302, **options}
    return Row(f"accounts:verification_{act}", {"reference": case}, **terms)  # type: ignore[arg-type]


def _draft(route: str, arguments: Mapping[str, str] | None = None, **options: object) -> Row:
    return Row(f"declarations:{route}", {"reference": "draft", **(arguments or {})}, may=OWN, **options)  # type: ignore[arg-type]


def _review(route: str, **options: object) -> Row:
    of_customs = {"authority": "authority", "reference": "held"}
    return Row(f"inspection:{route}", of_customs, may=("customs",), **options)  # type: ignore[arg-type]


def _law(route: str, arguments: Mapping[str, str] | None = None, **options: object) -> Row:
    of_customs = {"reference": "law_draft", **(arguments or {})}
    return Row(f"inspection:{route}", of_customs, may=("customs",), **options)  # type: ignore[arg-type]


def _mandate(route: str, **options: object) -> Row:
    return _post(f"accounts:{route}", arguments={"reference": "mandate"}, **options)


PLATFORM = (
    Row("home", may=ACTORS, except_for=dict.fromkeys(EVERYBODY, 302)),
    _open("healthz"),
    _open("readyz"),
    _open("styleguide"),
    _open("styleguide_officer"),
    _open("documents:verify"),
    _open("documents:verify_code", arguments={"code": "code"}),
    # The code of the mail is all that it asks for.
    _open("declarations:buyer", arguments={"code": "buyers_code"}),
    Row("set_language", method="post", data={"language": "en"}, may=ACTORS, gets=302),
)

SIGN_IN = (
    Row("account_login", may=STRANGERS, others=302),
    Row("account_signup", may=STRANGERS, others=302),
    Row("account_logout", may=EVERYBODY),
    _open("account_inactive"),
    Row("account_reset_password", may=ACTORS),
    Row("account_reset_password_done", may=ACTORS),
    Row("account_reset_password_from_key", {"uidb36": "uid", "key": "key"}, may=ACTORS),
    Row("account_reset_password_from_key_done", may=ACTORS),
    Row("account_confirm_login_code", may=ACTORS, gets=302),
    Row("account_confirm_email", {"key": "anything"}, may=ACTORS),
    Row("account_email_verification_sent", may=ACTORS),
    # Whoever has a second step confirms with it; a password alone does not do.
    _signed_in("account_reauthenticate", gets=302),
    _signed_in("account_email"),
    _signed_in("account_change_password"),
    _signed_in("account_set_password", gets=302),
    _signed_in("mfa_index"),
    _signed_in("mfa_list_webauthn"),
    _signed_in("mfa_add_webauthn"),
    Row("mfa_edit_webauthn", {"pk": "key_of_nobody"}, others=404),
    Row("mfa_remove_webauthn", {"pk": "key_of_nobody"}, others=404),
    _signed_in("mfa_reauthenticate_webauthn", gets=302),
    _signed_in("usersessions_list"),
    _post("accounts:session_end", arguments={"session": "session"}, may=("seller",), gets=302),
    _post("accounts:second_step_later", may=EVERYBODY, gets=302),
    Row("mfa_authenticate", may=ACTORS, gets=302),
    _signed_in("mfa_reauthenticate"),
    # Everybody here has an app already, and used it a moment ago.
    _signed_in("mfa_activate_totp", gets=302),
    _signed_in("mfa_deactivate_totp"),
    _signed_in("mfa_view_recovery_codes", gets=404),
    _signed_in("mfa_generate_recovery_codes"),
    _signed_in("mfa_download_recovery_codes", gets=404),
)

ORGANISATION = (
    _signed_in("accounts:organisation"),
    # Money, power and members are the owner's alone.
    _post(
        "accounts:deferment",
        data={"account": "DEF-9"},
        may=("seller", "broker", "former_broker", "rival"),
        gets=302,
    ),
    Row("accounts:agents", may=("seller", "colleague", "rival")),
    _post("accounts:agents", data={"agent": "ORG-00"}, may=("seller", "rival"), gets=422),
    Row("accounts:mandate", {"reference": "mandate"}, may=OWN),
    _mandate("mandate_change", may=("seller",), gets=422),
    _mandate("mandate_accept", may=("broker",), gets=302),
    # It is accepted already.
    _mandate("mandate_decline", may=("broker",), gets=409),
    _mandate("mandate_end", may=("seller", "broker"), gets=302),
    _post("accounts:client_choose", data={"client": "{company}"}, may=("broker",), gets=302),
    Row("declarations:desk", may=("broker", "former_broker")),
    _open("accounts:directory"),
    _open("accounts:directory_agent", arguments={"reference": "agent"}),
    _post(
        "accounts:help_ask",
        data={"agent": "{agent}", "text": "Toys to Rotterdam."},
        may=("rival",),
        gets=302,
        # They have asked this agent already.
        except_for=dict.fromkeys(("seller", "colleague"), 409),
    ),
    Row("accounts:profile", may=("broker", "former_broker")),
    Row("accounts:help", {"reference": "help"}, may=OWN),
    _post("accounts:help_withdraw", arguments={"reference": "help"}, may=("seller", "colleague"), gets=302),
    _post("accounts:token_create", data={"label": "x"}, may=EVERYBODY),
    _post("accounts:token_revoke", arguments={"fingerprint": "fingerprint"}, may=("seller",), gets=302),
    Row("accounts:people", may=MEMBERS),
    Row("accounts:history", may=MEMBERS),
    _post("accounts:invite", data={"email": "x@example.com", "role": "viewer"}, may=OWNERS, gets=302),
    _post("accounts:invitation_resend", arguments={"reference": "offer"}, may=("seller",), gets=302),
    _post("accounts:invitation_withdraw", arguments={"reference": "offer"}, may=("seller",), gets=302),
    # The address is a colleague's in the seller's company, and a stranger's in every other.
    _post(
        "accounts:member_role",
        data={"member": "{member}", "role": "viewer"},
        may=OWNERS,
        gets=422,
        except_for={"seller": 302},
    ),
    _post(
        "accounts:member_remove",
        data={"member": "{member}"},
        may=OWNERS,
        gets=422,
        except_for={"seller": 302},
    ),
    # The last owner stays.
    _post("accounts:member_leave", may=MEMBERS, gets=409, except_for={"colleague": 302}),
    Row("accounts:officers", may=("administrator",)),
    _post("accounts:officer_propose", data={"person": "x"}, may=("administrator",), gets=422),
    _post("accounts:officer_dismiss", data={"officer": "x"}, may=("administrator",), gets=422),
    _post(
        "accounts:officer_confirm",
        arguments={"reference": "appointment"},
        may=("administrator",),
        gets=302,
    ),
    _post(
        "accounts:officer_withdraw",
        arguments={"reference": "appointment"},
        may=("administrator",),
        gets=302,
    ),
    Row("accounts:join", {"invitation": "invitation"}, may=("rival",)),
    Row("accounts:verifications", may=("customs",)),
    Row("accounts:verification", {"reference": "case"}, may=("customs",)),
    Row("accounts:case_file", {"reference": "case", "file_reference": "case_file"}, may=("customs",)),
    _verdict("ask", data={"text": "Which address is right?"}),
    _verdict("verify", data={"valid_until": "2028-01-01"}),
    _verdict("refuse", data={"reason": "The stamp cannot be read."}),
    _verdict("suspend", "verified_case", data={"reason": "Nobody answers."}),
    _verdict("reinstate", "suspended_case"),
    _verdict("reveal", data={"field": "bank_account"}, gets=200),
    Row("accounts:contacts", may=OWNERS),
    Row("accounts:customs_codes", may=OWNERS),
    # While an officer examines the seller's own company its data stay as they are.
    Row("accounts:company_change", may=OWNERS, except_for={"seller": 302}),
    Row("accounts:bank_account", may=OWNERS, except_for={"seller": 302}),
    _post(
        "accounts:verification_answer", data={"answer": "The new one."}, may=("seller", "colleague"), gets=302
    ),
)

SELLING = (
    _signed_in("declarations:overview"),
    _signed_in("declarations:products"),
    _signed_in("declarations:list"),
    _signed_in("declarations:codes"),
    # Whoever declares for nobody is sent to register a company first.
    _signed_in(
        "declarations:product_new",
        except_for=dict.fromkeys(("former_broker", "customs", "quarantine", "administrator"), 302),
    ),
    _signed_in(
        "declarations:new",
        except_for=dict.fromkeys(("former_broker", "customs", "quarantine", "administrator"), 302),
    ),
    Row("declarations:product_edit", {"reference": "product"}, may=OWN),
    Row("declarations:product_picture", {"reference": "product"}, may=OWN),
    _draft("detail"),
    _draft("parties"),
    _draft("transport"),
    _draft("goods"),
    _draft("line_new"),
    _draft("line_edit", {"line_no": "line"}),
    _draft("documents"),
    _draft("inspection"),
    _draft("tax"),
    _draft("check"),
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
    ),
    Row("declarations:pay", {"reference": "held"}, method="post", data={"method": "card"}, may=OWN, gets=302),
    # Officers examine what they hold, but the papers are the declarant's and its agents' alone.
    Row("declarations:paper", {"reference": "released", "number": "paper"}, may=OWN),
    Row("declarations:file", {"reference": "held", "file_reference": "held_file"}, may=(*OWN, *OFFICERS)),
)

_PROPOSAL = {"reference": "proposal"}
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
    # Only customs and the tax office write law.
    Row("inspection:packs", may=("customs",)),
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


def _api(
    route: str, *, may: tuple[str, ...] = OWN, arguments: Mapping[str, str] | None = None, **options: object
) -> Row:
    return Row(f"api:{route}", arguments or {}, may=may, strangers=401, **options)  # type: ignore[arg-type]


_DRAFT = {"lrn": "PO-1", "jurisdiction": "NL"}
_PRODUCT = {
    "seller": "{company}",
    "sku": "S-1",
    "description": "Cotton T-shirt",
    "commodity_code": "610910",
    "origin": "CN",
    "unit_price": "12.50",
    "currency": "EUR",
    "net_mass_kg": "0.200",
}
_DECISION = {
    "authority": "customs",
    "decisions": [{"declaration": "{held}", "decision": "approve", "reason_code": "C00"}],
}
_KEY = {"Idempotency-Key": "access-test"}
MACHINES = (
    Row("api:schema", may=ACTORS),
    Row("api:docs", may=ACTORS),
    _api("products", may=EVERYBODY),
    _api("products", method="post", data=_PRODUCT, gets=201, others=422),
    _api("product", arguments={"reference": "product"}),
    _api("files", method="upload", data={"seller": "{company}"}, gets=201, others=422),
    _api("declarations", may=EVERYBODY),
    _api("declarations", method="post", data={**_DRAFT, "declarant": "{company}"}, gets=201, others=422),
    _api("declaration", arguments={"reference": "draft"}),
    _api("declaration", arguments={"reference": "draft"}, method="put", data=_DRAFT),
    _api("declaration", arguments={"reference": "draft"}, method="patch", data={"lrn": "PO-2"}),
    _api("assessment", arguments={"reference": "draft"}),
    _api("lodge", arguments={"reference": "draft"}, method="post", headers=_KEY, gets=201),
    _api("timeline", arguments={"reference": "held"}),
    _api("questions", arguments={"reference": "held"}),
    _api(
        "answer",
        arguments={"reference": "held", "number": "question"},
        method="post",
        data={"answer": "The list is right."},
    ),
    _api("pay", arguments={"reference": "held"}, method="post", headers=_KEY, gets=201),
    _api("papers", arguments={"reference": "released"}),
    _api("paper", arguments={"reference": "released", "number": "paper"}),
    # Opened by a signature alone.
    Row("api:payment_notices", method="post", others=401, strangers=401),
    Row("agency_events", may=OFFICERS, strangers=401),
    Row(
        "agency_decisions",
        method="post",
        data=_DECISION,
        may=("customs",),
        strangers=401,
        except_for={"quarantine": 422},
    ),
)

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
# The law is open to everybody, signed in or not.
LAW: tuple[Row, ...] = (
    # tariffs
    _open("tariffs:tariff"),
    _open("tariffs:suggestions"),
    _open("tariffs:commodity", arguments={"code": "commodity"}),
    Row("law:commodities", data={"q": "cotton t-shirt"}, may=ACTORS),
    Row("law:commodity", {"code": "commodity"}, may=ACTORS),
    _open("tariffs:rules"),
    _open("tariffs:jurisdiction", arguments={"jurisdiction": "law"}),
    _open("tariffs:rule", arguments={"jurisdiction": "law", "rule": "rule"}),
    _open("tariffs:exchange_rates"),
    Row("law:exchange_rates", data={"jurisdiction": "CN", "on": "2026-10-15"}, may=ACTORS),
    _open("tariffs:calculator"),
    Row("tariffs:compare_countries", data=_LANDED, may=ACTORS),
    Row("tariffs:compare_codes", data=_LANDED, may=ACTORS),
    Row("law:assessments", method="post", data=_FACTS, may=ACTORS),
)

_CLOSED_BY_THEIR_AUTHORITY = dict.fromkeys((*OFFICERS, "administrator"), 409)
PRIVACY = (
    _open("privacy:notice"),
    _post("privacy:agree", may=EVERYBODY, gets=302),
    _signed_in("privacy:looks"),
    _signed_in("privacy:mine"),
    _post("privacy:copy_ask", may=EVERYBODY, gets=302),
    _post("privacy:copy_download", arguments={"reference": "copy"}, may=("seller",)),
    _post(
        "privacy:erasure_ask",
        data={"is_sure": "on"},
        may=EVERYBODY,
        gets=302,
        except_for={**_CLOSED_BY_THEIR_AUTHORITY, "seller": 409},
    ),
)
TABLE = (*PLATFORM, *SIGN_IN, *PRIVACY, *ORGANISATION, *SELLING, *EXAMINING, *MACHINES, *LAW)
