"""What was accepted before: learns from released declarations and published rulings, and remembers.

`declarations` calls `learn` after release, with every goods item of a batch at once:

    learn(
        NewPrecedent(item.description, item.commodity_code[:6], "declaration", f"declarant:{declarant}")
        for item in items
    )

A source counts once for a text and subheading, however often it declares it: nobody can outvote the
others by repeating a mistake.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
_Key = tuple[str, str, str, str]

_INSERT = """
    INSERT INTO tariffs_precedent (text, text_key, hs6, kind, source, count)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[])
    ON CONFLICT (text_key, hs6, kind, source)
    DO UPDATE SET count = LEAST(tariffs_precedent.count::bigint + excluded.count, 2147483646)
    RETURNING text_key, hs6, kind, source, xmax = 0
"""
_ADD_WORDS = """
    INSERT INTO tariffs_precedentword (word, hs6, weight)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::int[])
    ON CONFLICT (word, hs6)
    DO UPDATE SET weight = LEAST(tariffs_precedentword.weight::bigint + excluded.weight, 2147483646)
"""
# For each word the share of its weight that a subheading has, less where many subheadings share the word.
# Half a unit is added to every word's total, so that what was seen once does not decide alone.
_LOOK_UP = """
    SELECT hs6, sum(share) AS total, array_agg(word ORDER BY share DESC, word)
    FROM (
        SELECT word, hs6,
               weight / (0.5 + sum(weight) OVER of_word) / (1 + ln(count(*) OVER of_word)) AS share
        FROM tariffs_precedentword
        WHERE word = ANY(%s)
        WINDOW of_word AS (PARTITION BY word)
    ) AS shares
    GROUP BY hs6 ORDER BY total DESC, hs6 LIMIT %s
"""


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
    counts, texts = _merged(precedents)
    if not counts:
        return 0
    keys = sorted(counts)  # one order for all writers, so that none waits for another in a circle
    columns = list(zip(*keys, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT, [[texts[key] for key in keys], *map(list, columns), [counts[key] for key in keys]]
        )
        new = [row[:4] for row in cursor.fetchall() if row[4]]
        weights = _word_weights((texts[key], key[1], key[2]) for key in new)
        places = sorted(weights)
        cursor.execute(
            _ADD_WORDS,
            [[word for word, _ in places], [hs6 for _, hs6 in places], [weights[place] for place in places]],
        )
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
        )
        for hs6, total, found in rows
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


def _merged(precedents: Iterable[NewPrecedent]) -> tuple[Counter[_Key], dict[_Key, str]]:
    counts: Counter[_Key] = Counter()
    texts: dict[_Key, str] = {}
    for one in precedents:
        words = phrase(one.text)
        if words and nomenclature.exists(one.hs6) and len(one.hs6) == 6:
            key = (_text_key(words), one.hs6, one.kind, one.source)
            counts[key] += 1
            texts.setdefault(key, one.text[:_LONGEST_TEXT])
    return counts, texts


def _word_weights(texts: Iterable[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    weights: Counter[tuple[str, str]] = Counter()
    for text, hs6, kind in texts:
        words = phrase(text)
        for word in {*(word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]), _text_key(words)}:
            weights[word, hs6] += _WEIGHTS[kind]
    return weights


_WHOLE = "="


def _text_key(words: tuple[str, ...]) -> str:
    """The whole text as one more word: the same text again is the strongest precedent."""
    return _WHOLE + hashlib.sha256(" ".join(sorted(set(words))).encode()).hexdigest()[:40]
