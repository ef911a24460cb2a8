"""What must be true of every declaration, whatever was killed meanwhile."""

from collections import defaultdict
from collections.abc import Sequence

from tests.faults.laboratory import Laboratory

# One decision an authority, one charge, one release, one announcement of the papers.
ONE_LIFE = {
    "declaration.drafted": 1,
    "declaration.accepted": 1,
    "reviews.opened": 1,
    "payment.requested": 1,
    "payment.settled": 1,
    "declaration.released": 1,
    "documents.issued": 1,
}


def assert_cleared_once(laboratory: Laboratory, ids: Sequence[int], *, holds: int = 5) -> None:
    """Each declaration was decided by every authority, charged, released and papered exactly once.

    Four authorities and the payment hold the seller's honey; the platform's toys need no quarantine.
    """
    assert ids
    assert _events(laboratory, ids) == dict.fromkeys(ids, ONE_LIFE | {"hold.lifted": holds})
    assert _papers(laboratory, ids) == {key: ["CP", "TB"] for key in ids}
    payments = laboratory.query(
        "SELECT declaration_id, array_agg(status) FROM declarations_payment "
        "WHERE declaration_id = ANY(%s) GROUP BY declaration_id",
        list(ids),
    )
    assert dict(payments) == {key: ["settled"] for key in ids}


def assert_refused_once(laboratory: Laboratory, ids: Sequence[int]) -> None:
    """Each declaration was refused once, by customs, and has no papers."""
    assert ids
    events = _events(laboratory, ids)
    assert {key: kinds["declaration.rejected"] for key, kinds in events.items()} == dict.fromkeys(ids, 1)
    assert not any("declaration.released" in kinds for kinds in events.values())
    assert _papers(laboratory, ids) == {}


def assert_books_balance(laboratory: Laboratory) -> None:
    """The invariants hold for everything that this laboratory ever did; a finding fails the command."""
    laboratory.manage("check_invariants")


def _events(laboratory: Laboratory, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for key, kind, count in laboratory.query(
        "SELECT subject_id, kind, count(*) FROM events_event "
        "WHERE subject_kind = 'declaration' AND subject_id = ANY(%s) GROUP BY subject_id, kind",
        list(ids),
    ):
        counts[key][kind] = count
    return dict(counts)


def _papers(laboratory: Laboratory, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the kinds of every number ever drawn for a declaration, live or not."""
    rows = laboratory.query(
        """
        SELECT declaration.id,
               array_agg(concat(paper.kind, nullif(' ' || paper.state, ' live')) ORDER BY paper.kind)
        FROM documents_issueddocument AS paper
        JOIN declarations_declaration AS declaration ON declaration.reference = paper.subject
        WHERE declaration.id = ANY(%s) GROUP BY declaration.id
        """,
        list(ids),
    )
    return dict(rows)
