"""Says when a text names no goods: "gift", "parts", "black, xl"; such a text cannot be declared."""

import re
from collections.abc import Sequence

from tariffs.classification.lists import list_lines
from tariffs.classification.query import Asked
from tariffs.classification.stemming import stem
from tariffs.classification.words import COLOURS

# Words that fit anything: what the goods are for or where they go, never what they are.
_GENERIC = frozenset(stem(word) for word in (*list_lines("generic"), *COLOURS))
_GENERIC_CHINESE = re.compile("|".join(list_lines("generic_zh")))
# A weak word that names goods all the same, as in "gift box".
_NAMES_GOODS = frozenset({"box"})
# Below this nothing in the text speaks clearly for any subheading.
_LEAST_STRENGTH = 1.6


def is_vague(asked: Sequence[Asked], *, chinese: str, strength: float) -> bool:
    """Say whether the text names no goods; `strength` is the score of the best subheading."""
    if strength < _LEAST_STRENGTH:
        return True
    if _GENERIC_CHINESE.sub("", chinese).strip():
        return False
    english = [one for one in asked if one.written.isascii()]
    return all(_says_nothing(one) for one in english)


def _says_nothing(one: Asked) -> bool:
    return one.written not in _NAMES_GOODS and (one.is_weak or stem(one.written) in _GENERIC)
