"""Rows of companies, their people and agents, and of the officers who verify them."""

from tests.access.rows.row import (
    EVERYBODY,
    MEMBERS,
    OWN,
    OWNERS,
    Row,
    open_to_all,
    post,
    signed_in,
)


def _verdict(act: str, case: str = "case", **options: object) -> Row:
    terms = {"method": "post", "may": ("customs",), "gets": 302, **options}
    return Row(f"accounts:verification_{act}", {"reference": case}, **terms)  # type: ignore[arg-type]


def _mandate(route: str, **options: object) -> Row:
    return post(f"accounts:{route}", arguments={"reference": "mandate"}, **options)


ORGANISATION = (
    signed_in("accounts:organisation"),
    # Money, power and members are the owner's alone.
    post(
        "accounts:deferment",
        data={"account": "DEF-9"},
        may=("seller", "broker", "former_broker", "rival"),
        gets=302,
    ),
    Row("accounts:agents", may=("seller", "colleague", "viewer", "rival")),
    post("accounts:agents", data={"agent": "ORG-00"}, may=("seller", "rival"), gets=422),
    Row("accounts:mandate", {"reference": "mandate"}, may=(*OWN, "viewer")),
    _mandate("mandate_change", may=("seller",), gets=422),
    _mandate("mandate_accept", may=("broker",), gets=302),
    # It is accepted already.
    _mandate("mandate_decline", may=("broker",), gets=409),
    _mandate("mandate_end", may=("seller", "broker"), gets=302),
    post("accounts:client_choose", data={"client": "{company}"}, may=("broker",), gets=302),
    Row("declarations:desk", may=("broker", "former_broker")),
    open_to_all("accounts:directory"),
    open_to_all("accounts:directory_agent", arguments={"reference": "agent"}),
    post(
        "accounts:help_ask",
        data={"agent": "{agent}", "text": "Toys to Rotterdam."},
        may=("rival",),
        gets=302,
        # They have asked this agent already.
        except_for=dict.fromkeys(("seller", "colleague"), 409),
    ),
    Row("accounts:profile", may=("broker", "former_broker")),
    Row("accounts:help", {"reference": "help"}, may=(*OWN, "viewer")),
    post("accounts:help_withdraw", arguments={"reference": "help"}, may=("seller", "colleague"), gets=302),
    post("accounts:token_create", data={"label": "x"}, may=EVERYBODY),
    post("accounts:token_revoke", arguments={"fingerprint": "fingerprint"}, may=("seller",), gets=302),
    Row("accounts:people", may=MEMBERS),
    Row("accounts:history", may=MEMBERS),
    post("accounts:invite", data={"email": "x@example.com", "role": "viewer"}, may=OWNERS, gets=302),
    post("accounts:invitation_resend", arguments={"reference": "offer"}, may=("seller",), gets=302),
    post("accounts:invitation_withdraw", arguments={"reference": "offer"}, may=("seller",), gets=302),
    # The address is a colleague's in the seller's company, and a stranger's in every other.
    post(
        "accounts:member_role",
        data={"member": "{member}", "role": "viewer"},
        may=OWNERS,
        gets=422,
        except_for={"seller": 302},
    ),
    post(
        "accounts:member_remove",
        data={"member": "{member}"},
        may=OWNERS,
        gets=422,
        except_for={"seller": 302},
    ),
    # The last owner stays.
    post(
        "accounts:member_leave", may=MEMBERS, gets=409, except_for=dict.fromkeys(("colleague", "viewer"), 302)
    ),
    Row("accounts:officers", may=("administrator",)),
    post("accounts:officer_propose", data={"person": "x"}, may=("administrator",), gets=422),
    post("accounts:officer_dismiss", data={"officer": "x"}, may=("administrator",), gets=422),
    post(
        "accounts:officer_confirm",
        arguments={"reference": "appointment"},
        may=("administrator",),
        gets=302,
    ),
    post(
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
    post(
        "accounts:verification_answer", data={"answer": "The new one."}, may=("seller", "colleague"), gets=302
    ),
)
