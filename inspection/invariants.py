"""Do reviews and decisions agree? One sentence a finding, for `manage.py check_invariants`."""

from collections.abc import Iterator

from django.db import connection

_RULES = (
    (
        "approved, but its hold was not lifted by whoever decided",
        """
        SELECT declaration.reference, review.authority
        FROM inspection_review AS review
        JOIN declarations_declaration AS declaration ON declaration.id = review.declaration_id
        LEFT JOIN declarations_hold AS hold ON hold.declaration_id = review.declaration_id
             AND hold.authority = review.authority AND hold.kind <> 'payment'
             AND hold.lifted_by = review.decided_by AND hold.lifted_at = review.decided_at
        WHERE review.status = 'approved'
        GROUP BY review.id, declaration.id HAVING count(hold.id) = 0
        ORDER BY declaration.id
        """,
    ),
    (
        "refused, but the declaration was not refused by this decision",
        """
        SELECT declaration.reference, review.authority
        FROM inspection_review AS review
        JOIN declarations_declaration AS declaration ON declaration.id = review.declaration_id
        LEFT JOIN events_event AS event ON event.subject_kind = 'declaration'
             AND event.subject_id = declaration.id AND event.kind = 'declaration.rejected'
             AND event.actor = review.decided_by AND event.payload ->> 'authority' = review.authority
        WHERE review.status = 'refused'
        GROUP BY review.id, declaration.id HAVING count(event.id) <> 1
        ORDER BY declaration.id
        """,
    ),
    (
        "open although the declaration is over",
        """
        SELECT declaration.reference, review.authority
        FROM inspection_review AS review
        JOIN declarations_declaration AS declaration ON declaration.id = review.declaration_id
        WHERE review.status = 'open' AND declaration.status IN ('released', 'rejected')
        ORDER BY declaration.id
        """,
    ),
    (
        "decided, but its hold is still open",
        """
        SELECT declaration.reference, review.authority
        FROM inspection_review AS review
        JOIN declarations_declaration AS declaration ON declaration.id = review.declaration_id
        JOIN declarations_hold AS hold ON hold.declaration_id = review.declaration_id
             AND hold.authority = review.authority AND hold.kind NOT IN ('payment', 'identity')
             AND hold.lifted_at IS NULL
        WHERE review.status = 'approved' ORDER BY declaration.id
        """,
    ),
    (
        "approved, but the named buyer objects and no officer has it before them",
        """
        SELECT declaration.reference, review.authority
        FROM declarations_hold AS hold
        JOIN declarations_declaration AS declaration ON declaration.id = hold.declaration_id
        JOIN inspection_review AS review ON review.declaration_id = declaration.id
             AND review.authority = 'customs' AND review.status = 'approved'
        WHERE hold.kind = 'identity' AND hold.lifted_at IS NULL AND NOT EXISTS (
            -- On its way.
            SELECT 1 FROM events_delivery AS delivery
            JOIN events_event AS event ON event.id = delivery.event_id
            WHERE event.subject_kind = 'declaration' AND event.subject_id = declaration.id
              AND event.kind = 'buyer.disputed' AND delivery.done_at IS NULL
        ) ORDER BY declaration.id
        """,
    ),
)


def findings() -> Iterator[str]:
    """Yield one line for each review that contradicts its declaration."""
    for sentence, statement in _RULES:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(1000):
                yield from (
                    f"{reference}: review of {authority}: {sentence}" for reference, authority in rows
                )
