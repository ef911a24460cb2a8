"""Says when a text names no goods: "gift", "parts", "black, xl"; such a text cannot be declared."""

import re
from collections.abc import Sequence

from tariffs.classification.lists import list_lines
from tariffs.classification.query import Asked
from tariffs.classification.stemming import stem
from tariffs.classification.words import COLOURS, cut

# Words that fit anything: what the goods are for or where they go, never what they are.
_GENERIC = frozenset(stem(word) for word in (*list_lines("generic"), *COLOURS))
_GENERIC_CHINESE = re.compile("|".join(list_lines("generic_zh")))
# A weak word that names goods all the same, as in "gift box".
_NAMES_GOODS = frozenset({"box"})
# Below this nothing in the text speaks clearly for any subheading.
_LEAST_STRENGTH = 1.6
# Who declares olives must not be told that olive is a colour.
_GOODS_TOO = ("charcoal", "coral", "cream", "lavender", "mint", "mocha", "mustard", "olive", "peach", "rose")
_COLOURS_THAT_ARE_GOODS = frozenset(stem(word) for word in _GOODS_TOO)
# A letter of a script that the lists do not hold: what nobody here can read is not called vague.
_UNREAD = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff\u3400-\u9fff\uff00-\uffef]")


def names_no_goods(text: str) -> bool:
    """Say whether the text's own words name no goods, without the index: cheap enough for each line.

    Milder than `is_vague`: an unknown word may be the name of goods, and is let through.
    """
    if not text.isascii() and _UNREAD.search(text):
        return False
    words = cut(text)
    if _GENERIC_CHINESE.sub("", words.chinese).strip():
        return False
    return all(
        _is_generic(word.written, is_weak=word.is_weak) and word.stem not in _COLOURS_THAT_ARE_GOODS
        for word in words.english
    )


def is_vague(asked: Sequence[Asked], *, chinese: str, strength: float) -> bool:
    """Say whether the text names no goods; `strength` is the score of the best subheading."""
    if strength < _LEAST_STRENGTH:
        return True
    if _GENERIC_CHINESE.sub("", chinese).strip():
        return False
    english = [one for one in asked if one.written.isascii()]
    return all(_says_nothing(one) for one in english)


def _says_nothing(one: Asked) -> bool:
    return _is_generic(one.written, is_weak=one.is_weak)


def _is_generic(written: str, *, is_weak: bool) -> bool:
    return written not in _NAMES_GOODS and (is_weak or stem(written) in _GENERIC)
