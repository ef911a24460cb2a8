"""PostgreSQL's row-level security: the net under `for_actor`, so that a forgotten filter shows nothing.

The web server's connections see nothing until `swindow.acting` says for whom they ask. One table below
says who sees the rows of each table; `manage.py prepare_database` applies it, a test holds it complete.
Foreign keys and uniqueness are checked past it, by the owner's right.

Whoever sees a declaration sees every hold of it: a rule such as "no hold is open" must never pass
because the holds of another authority are hidden.
"""

import hashlib
from collections.abc import Iterator, Mapping

from django.db import connection

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION swindow_is_portal() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT current_setting('swindow.actor', true) = 'portal' $$;

CREATE OR REPLACE FUNCTION swindow_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT substring(current_setting('swindow.actor', true) FROM '^user:([0-9]{1,18})$')::bigint $$;

CREATE OR REPLACE FUNCTION swindow_own() RETURNS SETOF bigint LANGUAGE sql STABLE AS
$$ SELECT organisation_id FROM accounts_membership WHERE user_id = (SELECT swindow_person()) $$;

CREATE OR REPLACE FUNCTION swindow_authorities() RETURNS SETOF text LANGUAGE sql STABLE AS
$$ SELECT authority FROM accounts_organisation
   WHERE kind = 'authority' AND id IN (SELECT swindow_own()) $$;

CREATE OR REPLACE FUNCTION swindow_is_officer() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT swindow_authorities()) $$;

CREATE OR REPLACE FUNCTION swindow_clients() RETURNS SETOF bigint LANGUAGE sql STABLE AS
$$ SELECT seller_id FROM accounts_mandate
   WHERE agent_id IN (SELECT swindow_own()) AND accepted_at IS NOT NULL AND revoked_at IS NULL
     AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now()) $$;

-- With the owner's right, because the policy of holds asks for the declaration and this one for holds.
CREATE OR REPLACE FUNCTION swindow_examines(declaration bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM declarations_hold AS hold WHERE hold.declaration_id = declaration
   AND hold.authority IN (SELECT swindow_authorities())) $$;

-- A consignment is written before the declaration that it belongs to.
CREATE OR REPLACE FUNCTION swindow_is_declared(consignment bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM declarations_declaration WHERE consignment_id = consignment) $$;
"""

_OWN = "{column} IN (SELECT swindow_own())"
_OWN_OR_CLIENT = f"{_OWN} OR {{column}} IN (SELECT swindow_clients())"
_OFFICER = "(SELECT swindow_is_officer())"
_CUSTOMS = "'customs' IN (SELECT swindow_authorities())"
_OF_DECLARATION = "EXISTS (SELECT 1 FROM declarations_declaration AS seen WHERE seen.id = declaration_id)"
_OF_CASE = "EXISTS (SELECT 1 FROM accounts_verification AS seen WHERE seen.id = verification_id)"
_MINE = "person_id = (SELECT swindow_person())"
_ROW_OF_COMPANY = (
    "{column} IN (SELECT 'organisation:' || own FROM swindow_own() AS own)"
    " OR {column} = 'user:' || (SELECT swindow_person())"
)
_ROW_OF_DECLARATION = (
    "{column} LIKE 'declaration:%' AND EXISTS (SELECT 1 FROM declarations_declaration AS seen"
    " WHERE seen.id = split_part({column}, ':', 2)::bigint)"
)

# Table -> who sees and writes its rows, besides the portal itself.
POLICIES: Mapping[str, str] = {
    "declarations_declaration": _OWN_OR_CLIENT.format(column="declarant_id") + " OR swindow_examines(id)",
    "declarations_goodsitem": _OF_DECLARATION,
    "declarations_supportingdocument": _OF_DECLARATION,
    "declarations_draftanswer": _OF_DECLARATION,
    "declarations_hold": _OF_DECLARATION,
    "declarations_informationrequest": _OF_DECLARATION,
    "declarations_assessment": _OF_DECLARATION,
    "declarations_charge": (
        "EXISTS (SELECT 1 FROM declarations_assessment AS seen WHERE seen.id = assessment_id)"
    ),
    "declarations_payment": _OF_DECLARATION,
    "declarations_clearancedocument": _OF_DECLARATION,
    "declarations_buyernotice": _OF_DECLARATION,
    "declarations_product": _OWN_OR_CLIENT.format(column="seller_id"),
    "logistics_consignment": (
        "EXISTS (SELECT 1 FROM declarations_declaration AS seen WHERE seen.consignment_id = {table}.id)"
        " OR NOT swindow_is_declared({table}.id)"
    ),
    # Risk is for officers: the declarant never sees it. The own authority's first, for it costs nothing.
    "inspection_review": (
        f"authority IN (SELECT swindow_authorities()) OR ({_OFFICER} AND {_OF_DECLARATION})"
    ),
    "documents_storedfile": f"{_OWN_OR_CLIENT.format(column='owner_id')} OR {_OFFICER}",
    "accounts_verification": f"{_OWN.format(column='organisation_id')} OR {_CUSTOMS}",
    "accounts_verificationentry": _OF_CASE,
    "accounts_mandate": (
        f"{_OWN.format(column='seller_id')} OR {_OWN.format(column='agent_id')} OR {_OFFICER}"
    ),
    "accounts_helprequest": f"{_OWN.format(column='seller_id')} OR {_OWN.format(column='agent_id')}",
    "vault_secret": (
        f"{_ROW_OF_COMPANY.format(column='row')} OR {_ROW_OF_DECLARATION.format(column='row')}"
        f" OR (row LIKE 'organisation:%' AND {_CUSTOMS})"
    ),
    "vault_look": f"{_ROW_OF_COMPANY.format(column='subject')} OR viewer_id = (SELECT swindow_person())",
    "privacy_consent": _MINE,
    "privacy_datacopy": _MINE,
    "privacy_erasure": _MINE,
}

# Table, or the beginning of its name -> why nothing is hidden in it.
OPEN: Mapping[str, str] = {
    "accounts_": "asked before anybody is known (sign-in, invitations) or public (the directory)",
    "account_": "allauth's; asked before anybody is known",
    "mfa_": "allauth's; asked while somebody signs in",
    "usersessions_": "allauth's; asked while somebody signs in",
    "auth_": "rights of administrators",
    "django_": "Django's own; sessions are asked before anybody is known",
    "events_": "the audit chain and its deliveries hold no personal data",
    "documents_issueddocument": "anybody may check a paper by its number and code",
    "documents_": "numbers of papers, no data",
    "vault_subjectkey": "keys wrapped by a key that is not in the database",
    "privacy_retentionrun": "counts only",
    "inspection_": "agencies and risk profiles: reference data",
    "tariffs_": "the law is public; drafts of it are for officers, by their own tests",
    "pgtrigger_": "pgtrigger's own",
}
_NAME = "seen_by_actor"


def apply() -> bool:
    """Bring functions and policies to the state of this file, as the owner; False when nothing changed."""
    statements = list(_statements())
    state = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(to_regprocedure('swindow_is_portal()'), 'pg_proc') = %s", [state]
        )
        if cursor.fetchone()[0]:
            # Every statement below locks its table; a deployment without changes locks nothing.
            return False
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMENT ON FUNCTION swindow_is_portal() IS %s", [state])
    return True


def _statements() -> Iterator[str]:
    yield _FUNCTIONS
    for table, condition in POLICIES.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS {_NAME} ON {table}"
        seen = condition.format(table=table)
        yield f"CREATE POLICY {_NAME} ON {table} USING ((SELECT swindow_is_portal()) OR {seen})"
