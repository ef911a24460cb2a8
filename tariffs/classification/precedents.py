"""What was accepted before: learns from released declarations and published rulings, and remembers.

`declarations` calls `learn` after release, with every goods item of a batch at once:

    learn(
        NewPrecedent(item.description, item.commodity_code[:6], "declaration", f"declarant:{declarant}")
        for item in items
    )

A source counts once for a text and subheading, however often it declares it or is learnt again: nobody can
outvote the others by repeating a mistake. What declarants wrote is seen from the third of them on: nobody can
ask the portal what one rival declares.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction

from tariffs import nomenclature
from tariffs.classification.suggestions import PrecedentWeight
from tariffs.classification.words import phrase
from tariffs.models.precedents import PrecedentKind

# A ruling binds; a declaration was only not objected to.
_WEIGHTS = {PrecedentKind.RULING.value: 5, PrecedentKind.DECLARATION.value: 1}
_LONGEST_TEXT = 500
_LONGEST_WORD = 64
_MOST_WORDS = 24
_MOST_FOUND = 20
FEWEST_DECLARANTS = 3
_Key = tuple[str, str, str, str]

_INSERT = """
    INSERT INTO tariffs_precedent (text, text_key, hs6, kind, source)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    ON CONFLICT (text_key, hs6, kind, source) DO NOTHING
    RETURNING text_key, hs6, kind, source
"""
_ADD_WORDS = f"""
    INSERT INTO tariffs_precedentword (word, hs6, weight, is_ruled, declarants)
    SELECT word, hs6, weight, is_ruled, string_to_array(declarants, ' ')::bigint[]
    FROM unnest(%s::text[], %s::text[], %s::int[], %s::bool[], %s::text[])
        AS new (word, hs6, weight, is_ruled, declarants)
    ON CONFLICT (word, hs6) DO UPDATE SET
        weight = LEAST(tariffs_precedentword.weight::bigint + excluded.weight, 2147483646),
        is_ruled = tariffs_precedentword.is_ruled OR excluded.is_ruled,
        declarants = ARRAY(
            SELECT DISTINCT unnest(tariffs_precedentword.declarants || excluded.declarants)
            ORDER BY 1 LIMIT {FEWEST_DECLARANTS}
        )
"""  # noqa: S608  (only our own constant is put in)
# For each word the share of its weight that a subheading has, less where many subheadings share the word.
# Half a unit is added to every word's total, so that what was seen once does not decide alone.
# The whole text weighs one for each declarant, so its weight is their number where no ruling is among them.
_LOOK_UP = f"""
    SELECT hs6, sum(share) AS total, array_agg(word ORDER BY share DESC, word),
           coalesce(max(weight) FILTER (WHERE starts_with(word, '=') AND NOT is_ruled), 0)
    FROM (
        SELECT word, hs6, weight, is_ruled,
               weight / (0.5 + sum(weight) OVER of_word) / (1 + ln(count(*) OVER of_word)) AS share
        FROM tariffs_precedentword
        WHERE word = ANY(%s) AND (is_ruled OR cardinality(declarants) >= {FEWEST_DECLARANTS})
        WINDOW of_word AS (PARTITION BY word)
    ) AS shares
    GROUP BY hs6 ORDER BY total DESC, hs6 LIMIT %s
"""  # noqa: S608  (only our own constant is put in)


@dataclass(frozen=True, slots=True)
class NewPrecedent:
    """A text accepted under a subheading; `kind` is declaration or ruling, `source` says whose or which."""

    text: str
    hs6: str
    kind: str
    source: str


@transaction.atomic
def learn(precedents: Iterable[NewPrecedent]) -> int:
    """Remember the precedents in two statements, whatever their number; return how many were new."""
    texts = _merged(precedents)
    if not texts:
        return 0
    keys = sorted(texts)  # one order for all writers, so that none waits for another in a circle
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [[texts[key] for key in keys], *_columns(keys)])
        new = cursor.fetchall()
        if new:
            rows = _word_rows((texts[key], *key[1:]) for key in new)
            cursor.execute(_ADD_WORDS, _columns(rows))
    return len(new)


def stored_precedents(words: tuple[str, ...]) -> Mapping[str, PrecedentWeight]:
    """Return the subheadings that earlier texts with these words have, by one query; raises DatabaseError."""
    if not words:
        return {}
    asked = [*dict.fromkeys(word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]), _text_key(words)]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [asked, _MOST_FOUND])
        rows = cursor.fetchall()
    return {
        hs6: PrecedentWeight(
            weight=min(float(total) / 2, 1.0),
            words=tuple(word for word in found if not word.startswith(_WHOLE)),
            declarants=declarants,
        )
        for hs6, total, found, declarants in rows
    }


class PrecedentsIfAny:
    """Stored precedents while the database answers; after the first failure none, without asking again."""

    def __init__(self) -> None:
        self.is_answering = True

    def __call__(self, words: tuple[str, ...]) -> Mapping[str, PrecedentWeight]:
        """Return what is stored, or nothing; never raises for a database that is absent or empty."""
        if not self.is_answering:
            return {}
        try:
            return stored_precedents(words)
        except (DatabaseError, InterfaceError):
            self.is_answering = False
            return {}


def _merged(precedents: Iterable[NewPrecedent]) -> dict[_Key, str]:
    texts: dict[_Key, str] = {}
    for one in precedents:
        words = phrase(one.text)
        if words and nomenclature.exists(one.hs6) and len(one.hs6) == 6:
            texts.setdefault((_text_key(words), one.hs6, one.kind, one.source), one.text[:_LONGEST_TEXT])
    return texts


def _word_rows(learnt: Iterable[tuple[str, str, str, str]]) -> list[tuple[str, str, int, bool, str]]:
    weights: Counter[tuple[str, str]] = Counter()
    declarants: dict[tuple[str, str], set[int]] = defaultdict(set)
    ruled: set[tuple[str, str]] = set()
    for text, hs6, kind, source in learnt:
        words = phrase(text)
        for word in {*(word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]), _text_key(words)}:
            weights[word, hs6] += _WEIGHTS[kind]
            if kind == PrecedentKind.RULING.value:
                ruled.add((word, hs6))
            else:
                declarants[word, hs6].add(_number_of(source))
    return [(*key, weights[key], key in ruled, _few(declarants[key])) for key in sorted(weights)]


def _few(numbers: Iterable[int]) -> str:
    return " ".join(map(str, sorted(numbers)[:FEWEST_DECLARANTS]))


def _number_of(source: str) -> int:
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], signed=True)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


_WHOLE = "="


def _text_key(words: tuple[str, ...]) -> str:
    """The whole text as one more word: the same text again is the strongest precedent."""
    return _WHOLE + hashlib.sha256(" ".join(sorted(set(words))).encode()).hexdigest()[:40]
