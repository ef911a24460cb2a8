"""What a named buyer's objection adds to the risk of a review that is open already, or was approved."""

import json
from collections.abc import Collection
from dataclasses import asdict

from django.db import connection

from inspection.rules import OBJECTION


def weigh_objections(declaration_ids: Collection[int]) -> None:
    """Make the reviews of customs red by a finding of its own, once."""
    finding = json.dumps([{"kind": "risk"} | asdict(OBJECTION)])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inspection_review
            SET lane = 'red', score = LEAST(100, score + %s), findings = findings || %s::jsonb
            WHERE declaration_id = ANY(%s) AND authority = 'customs' AND status IN ('open', 'approved')
              AND NOT findings @> jsonb_build_array(jsonb_build_object('rule', %s::text))
            """,
            [OBJECTION.points, finding, sorted(declaration_ids), OBJECTION.rule],
        )
