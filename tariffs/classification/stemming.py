"""A small stemmer for trade English: plurals, -ing, -ed, British and American spelling, everyday variants."""

from functools import lru_cache

_DOUBLED = frozenset("bdgmnprt")
_VOWELS = frozenset("aeiouy")
# What rules would get wrong, and spellings of one word.
_WHOLE = {
    "aluminum": "aluminium", "babies": "baby", "bra": "bra", "bus": "bus", "carpeting": "carpet", "chips": "chip",
    "christmas": "christmas", "clothes": "clothing", "cosy": "cozy", "crocheted": "crochet", "cutlery": "cutlery",
    "doughnut": "donut", "dress": "dress", "earring": "earring", "gases": "gas", "glasses": "glasses",
    "gray": "grey", "jewelery": "jewelry", "jewellery": "jewelry", "jewel": "jewelry", "kids": "child",
    "kid": "child", "children": "child", "childrens": "child", "knives": "knife", "knitted": "knit",
    "knitwear": "knitwear", "ladies": "women", "lady": "women", "leaves": "leaf", "lens": "lens", "lenses": "lens",
    "mens": "men", "man": "men", "gents": "men", "loaves": "loaf", "mattress": "mattress", "mice": "mouse",
    "mould": "mold", "moulding": "molding", "necklace": "necklace", "pajama": "pyjama", "pajamas": "pyjama",
    "pj": "pyjama", "pjs": "pyjama", "plough": "plow", "pyjamas": "pyjama", "shelves": "shelf", "shelving": "shelf",
    "spring": "spring", "string": "string", "tires": "tyre", "tire": "tyre", "tyres": "tyre", "trousers": "trouser",
    "pants": "pants", "tights": "tights", "vitamin": "vitamin", "wellies": "wellington", "wolves": "wolf",
    "womens": "women", "woman": "women", "wooden": "wood", "woolen": "wool", "woollen": "wool", "woven": "woven",
    "scarves": "scarf", "halves": "half", "teeth": "tooth", "feet": "foot", "geese": "goose", "ring": "ring",
    "rings": "ring", "king": "king", "sewing": "sewing", "bedding": "bedding", "clothing": "clothing",
    "bracing": "brace", "plus": "plus", "swimming": "swim", "outdoors": "outdoor", "kg": "kg", "photos": "photo",
    "ceiling": "ceiling", "wedding": "wedding", "building": "building", "painting": "painting", "red": "red",
    "bed": "bed", "led": "led", "seed": "seed", "seeds": "seed", "feed": "feed", "speed": "speed", "wing": "wing",
    "needle": "needle", "shoe": "shoe", "shoes": "shoe", "canvas": "canvas", "canvases": "canvas", "news": "news",
    "tweezers": "tweezer", "pram": "pram", "stroller": "stroller", "moisturizer": "moisturiser",
    "moisturising": "moisturiser", "moisturizing": "moisturiser", "theatre": "theater", "fibre": "fiber",
    "centre": "center", "metre": "meter", "litre": "liter", "catalogue": "catalog", "cheque": "check",
    "sulphur": "sulfur", "licence": "license", "programme": "program", "liquorice": "licorice",
}  # fmt: skip


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
    return word.removesuffix("e") if len(word) > 4 and word.endswith(("se", "ze", "re", "te", "le", "pe")) else word


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
