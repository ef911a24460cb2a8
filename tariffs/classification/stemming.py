"""A small stemmer for trade English: plurals, -ing, -ed, British and American spelling, everyday variants."""

from functools import lru_cache

from tariffs.classification.lists import list_rows

_DOUBLED = frozenset("bdgmnprt")
_VOWELS = frozenset("aeiouy")
# What rules would get wrong, and spellings of one word.
_WHOLE = {row[0]: row[1] for row in list_rows("irregular")}


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case word; a word that no rule fits comes back as it is."""
    if word in _WHOLE:
        return _WHOLE[word]
    if len(word) < 4 or not word.isascii():
        return word
    word = _singular(word)
    word = _WHOLE.get(word, word)
    return _american(_without_ending(word))


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is", "ous")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")) and len(word) > 5:
        return word[:-2]
    return word[:-1]


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and _VOWELS & set(root):
            return _restored(root)
    return (
        word.removesuffix("e")
        if len(word) > 4 and word.endswith(("se", "ze", "re", "te", "le", "pe"))
        else word
    )


def _restored(root: str) -> str:
    if len(root) > 3 and root[-1] == root[-2] and root[-1] in _DOUBLED:
        return root[:-1]
    return root


def _american(word: str) -> str:
    if word.endswith("our") and len(word) > 4:
        return word[:-3] + "or"
    if word.endswith("yze"):
        return word[:-3] + "yse"
    return word
