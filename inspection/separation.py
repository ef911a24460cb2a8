"""S5: nobody decides about goods that they declared, prepared, or once acted for."""

from collections.abc import Collection

from django.db import connection

from swindow.accounts.models import User

# What only a trader does; an officer's own decisions stand in the same chain.
_TRADERS_ACTS = ("declaration.drafted", "declaration.accepted", "request.answered", "payment.requested")


def own_of(officer: User, *, declaration_ids: Collection[int]) -> set[int]:
    """Return the declarations that the officer must leave to a colleague; one statement for all.

    The officer is or was of the declarant, of the representative, or of an agent that the declarant ever
    appointed; or acted as a trader in the declaration's audit chain, in whatever company.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH place AS (
                SELECT organisation_id AS company FROM accounts_membership WHERE user_id = %(person)s
                UNION
                SELECT organisation_id FROM accounts_formermembership WHERE user_id = %(person)s
            )
            SELECT declaration.id FROM declarations_declaration AS declaration
            WHERE declaration.id = ANY(%(keys)s) AND (
                declaration.created_by_id = %(person)s
                OR EXISTS (
                    SELECT 1 FROM place
                    WHERE company IN (declaration.declarant_id, declaration.representative_id)
                )
                OR EXISTS (
                    SELECT 1 FROM accounts_mandate AS mandate JOIN place ON company = mandate.agent_id
                    WHERE mandate.seller_id = declaration.declarant_id AND mandate.accepted_at IS NOT NULL
                )
                OR EXISTS (
                    SELECT 1 FROM events_event AS event
                    WHERE event.subject_kind = 'declaration' AND event.subject_id = declaration.id
                      AND event.kind = ANY(%(acts)s) AND split_part(event.actor, ' ', 1) = %(actor)s
                )
            )
            """,
            {
                "person": officer.pk,
                "keys": list(declaration_ids),
                "acts": list(_TRADERS_ACTS),
                "actor": officer.actor_under(None),
            },
        )
        return {key for (key,) in cursor.fetchall()}
