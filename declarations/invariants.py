"""Do the books of declarations balance? One sentence a finding, for `manage.py check_invariants`.

Each rule is one statement over whole tables that returns references; nothing is read
declaration by declaration.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class _Rule:
    """A sentence, and the statement that returns what contradicts it: reference and detail."""

    sentence: str
    statement: str


def findings() -> Iterator[str]:
    """Yield one line for each declaration that contradicts a rule."""
    for rule in RULES:
        with connection.cursor() as cursor:
            cursor.execute(rule.statement)
            while rows := cursor.fetchmany(1000):
                for reference, detail in rows:
                    yield f"{reference}: {rule.sentence}" + (f" ({detail})" if detail else "")


def _exactly_one_event(kind: str, *, statuses: Sequence[str], sentence: str) -> _Rule:
    wanted = ", ".join(f"'{status}'" for status in statuses)
    return _Rule(
        sentence,
        f"""
        SELECT declaration.reference, count(event.id)::text
        FROM declarations_declaration AS declaration
        LEFT JOIN events_event AS event ON event.subject_kind = 'declaration'
             AND event.subject_id = declaration.id AND event.kind = '{kind}'
        GROUP BY declaration.id
        HAVING count(event.id) <> CASE WHEN declaration.status IN ({wanted}) THEN 1 ELSE 0 END
           AND (declaration.status <> 'invalidated' OR count(event.id) > 1)
        ORDER BY declaration.id
        """,  # noqa: S608  our own words
    )


RULES = (
    _Rule(
        "it is lodged but has no MRN, or a draft that has one",
        """
        SELECT reference, status FROM declarations_declaration
        WHERE (status = 'draft') <> (mrn = '') ORDER BY id
        """,
    ),
    _Rule(
        "its MRN was given twice",
        """
        SELECT min(reference), mrn FROM declarations_declaration
        WHERE mrn <> '' GROUP BY mrn HAVING count(*) > 1
        """,
    ),
    _Rule(
        "it has not exactly one assessment for its version",
        """
        SELECT declaration.reference, count(assessment.id)::text
        FROM declarations_declaration AS declaration
        LEFT JOIN declarations_assessment AS assessment
             ON assessment.declaration_id = declaration.id AND assessment.version = declaration.version
        GROUP BY declaration.id
        HAVING count(assessment.id) <> CASE WHEN declaration.status = 'draft' THEN 0 ELSE 1 END
        ORDER BY declaration.id
        """,
    ),
    _Rule(
        "it was lodged by a representative without a mandate in force",
        """
        SELECT declaration.reference, coalesce(mandate.reference, 'no mandate')
        FROM declarations_declaration AS declaration
        LEFT JOIN accounts_mandate AS mandate ON mandate.id = declaration.mandate_id
        WHERE declaration.status <> 'draft'
          AND (declaration.representative_id IS NOT NULL OR declaration.mandate_id IS NOT NULL)
          AND (mandate.seller_id = declaration.declarant_id
               AND mandate.agent_id = declaration.representative_id
               AND mandate.accepted_at <= declaration.accepted_at
               AND mandate.valid_from <= declaration.accepted_at
               AND (mandate.valid_to IS NULL OR mandate.valid_to > declaration.accepted_at)
               AND (mandate.revoked_at IS NULL OR mandate.revoked_at >= declaration.accepted_at)
          ) IS NOT TRUE
        ORDER BY declaration.id
        """,
    ),
    _exactly_one_event(
        "declaration.accepted",
        statuses=("accepted", "released", "rejected", "invalidated"),
        sentence="its acceptance is not recorded exactly once",
    ),
    _exactly_one_event(
        "declaration.released",
        statuses=("released",),
        sentence="released and recorded as released do not agree",
    ),
    _exactly_one_event(
        "declaration.rejected",
        statuses=("rejected",),
        sentence="refused and recorded as refused do not agree",
    ),
    _Rule(
        "it is released with an open hold",
        """
        SELECT declaration.reference, string_agg(hold.authority, ', ')
        FROM declarations_declaration AS declaration
        JOIN declarations_hold AS hold ON hold.declaration_id = declaration.id AND hold.lifted_at IS NULL
        WHERE declaration.status = 'released' GROUP BY declaration.id ORDER BY declaration.id
        """,
    ),
    _Rule(
        "no hold is open any more but it is not released",
        """
        SELECT declaration.reference, '' FROM declarations_declaration AS declaration
        WHERE declaration.status = 'accepted' AND NOT EXISTS (
            SELECT 1 FROM declarations_hold AS hold
            WHERE hold.declaration_id = declaration.id AND hold.lifted_at IS NULL
        ) ORDER BY declaration.id
        """,
    ),
    _Rule(
        "the holds lifted and the liftings recorded do not agree",
        """
        WITH lifted AS (
            SELECT declaration_id, count(*) AS number FROM declarations_hold
            WHERE lifted_at IS NOT NULL GROUP BY declaration_id
        ), recorded AS (
            SELECT subject_id, count(*) AS number FROM events_event
            WHERE subject_kind = 'declaration' AND kind = 'hold.lifted' GROUP BY subject_id
        )
        SELECT declaration.reference, format('%s lifted, %s recorded', lifted.number, recorded.number)
        FROM lifted FULL JOIN recorded ON recorded.subject_id = lifted.declaration_id
        JOIN declarations_declaration AS declaration
             ON declaration.id = coalesce(lifted.declaration_id, recorded.subject_id)
        WHERE lifted.number IS DISTINCT FROM recorded.number ORDER BY declaration.id
        """,
    ),
    _Rule(
        "charges due at clearance do not add up to what is payable",
        """
        SELECT declaration.reference,
               format('%s payable, charges %s', assessment.payable_amount, coalesce(sum(charge.amount), 0))
        FROM declarations_assessment AS assessment
        JOIN declarations_declaration AS declaration ON declaration.id = assessment.declaration_id
        LEFT JOIN declarations_charge AS charge
             ON charge.assessment_id = assessment.id AND charge.collector <> 'vendor'
        GROUP BY assessment.id, declaration.id
        HAVING coalesce(sum(charge.amount), 0) <> assessment.payable_amount
        ORDER BY declaration.id
        """,
    ),
    _Rule(
        "payment settled and payment hold lifted do not agree",
        """
        SELECT declaration.reference, format('%s settled, %s lifted', paid.number, free.number)
        FROM declarations_declaration AS declaration
        CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM declarations_payment AS payment
            WHERE payment.declaration_id = declaration.id AND payment.status = 'settled'
        ) AS paid
        CROSS JOIN LATERAL (
            SELECT count(*) AS number FROM declarations_hold AS hold
            WHERE hold.declaration_id = declaration.id AND hold.kind = 'payment'
              AND hold.lifted_at IS NOT NULL
        ) AS free
        -- Goods refused while the money was on its way keep their hold; the payment is to be paid back.
        WHERE paid.number <> free.number
          AND NOT (declaration.status IN ('rejected', 'invalidated') AND paid.number = 1 AND free.number = 0)
        ORDER BY declaration.id
        """,
    ),
    _Rule(
        "what was paid is not what is payable",
        """
        SELECT declaration.reference, format('%s paid, %s payable', payment.amount, assessment.payable_amount)
        FROM declarations_payment AS payment
        JOIN declarations_declaration AS declaration ON declaration.id = payment.declaration_id
        JOIN declarations_assessment AS assessment
             ON assessment.declaration_id = declaration.id AND assessment.version = declaration.version
        WHERE payment.status = 'settled'
          AND (payment.amount, payment.currency)
              IS DISTINCT FROM (assessment.payable_amount, assessment.currency)
        ORDER BY declaration.id
        """,
    ),
    _Rule(
        "something is payable and was never held for payment",
        """
        SELECT declaration.reference, assessment.payable_amount::text
        FROM declarations_assessment AS assessment
        JOIN declarations_declaration AS declaration ON declaration.id = assessment.declaration_id
        WHERE assessment.payable_amount > 0 AND NOT EXISTS (
            SELECT 1 FROM declarations_hold AS hold
            WHERE hold.declaration_id = declaration.id AND hold.kind = 'payment'
        ) ORDER BY declaration.id
        """,
    ),
    _Rule(
        "its named buyer objects but customs never held it for that",
        """
        SELECT declaration.reference, '' FROM declarations_buyernotice AS notice
        JOIN declarations_declaration AS declaration ON declaration.id = notice.declaration_id
        WHERE notice.answer = 'disputed' AND declaration.status = 'accepted' AND NOT EXISTS (
            SELECT 1 FROM declarations_hold AS hold
            WHERE hold.declaration_id = declaration.id AND hold.kind = 'identity'
              AND hold.authority = 'customs'
        ) ORDER BY declaration.id
        """,
    ),
    _Rule(
        "it is held for an objection that its named buyer never made",
        """
        SELECT declaration.reference, '' FROM declarations_hold AS hold
        JOIN declarations_declaration AS declaration ON declaration.id = hold.declaration_id
        WHERE hold.kind = 'identity' AND NOT EXISTS (
            SELECT 1 FROM declarations_buyernotice AS notice
            WHERE notice.declaration_id = declaration.id AND notice.answer = 'disputed'
        ) ORDER BY declaration.id
        """,
    ),
    _Rule(
        "it has two live papers of one kind",
        """
        SELECT declaration.reference, paper.kind FROM declarations_clearancedocument AS paper
        JOIN declarations_declaration AS declaration ON declaration.id = paper.declaration_id
        WHERE paper.superseded_at IS NULL
        GROUP BY declaration.id, paper.kind HAVING count(*) > 1 ORDER BY declaration.id
        """,
    ),
    _Rule(
        "it has papers but is not released",
        """
        SELECT DISTINCT declaration.reference, declaration.status
        FROM declarations_clearancedocument AS paper
        JOIN declarations_declaration AS declaration ON declaration.id = paper.declaration_id
        WHERE declaration.status NOT IN ('released', 'invalidated')
        """,
    ),
    _Rule(
        "a paper is announced whose file is not there",
        """
        SELECT declaration.reference, document.number FROM declarations_clearancedocument AS paper
        JOIN declarations_declaration AS declaration ON declaration.id = paper.declaration_id
        JOIN documents_issueddocument AS document ON document.id = paper.document_id
        WHERE paper.issued_at IS NOT NULL AND document.storage_key = '' ORDER BY declaration.id
        """,
    ),
)
