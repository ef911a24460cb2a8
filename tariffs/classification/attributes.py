"""What chooses between subheadings of one product: for whom, of what, knitted or woven, electric or not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tariffs import nomenclature
from tariffs.classification.words import normalise

Attributes = Mapping[str, str]
"""From the kind (person, material, make, power) to its value."""


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    value: str
    english: re.Pattern[str]
    chinese: re.Pattern[str]
    tariff: re.Pattern[str]


def _sign(kind: str, value: str, english: str, chinese: str, tariff: str) -> _Sign:
    return _Sign(kind, value, re.compile(rf"\b(?:{english})\b"), re.compile(chinese), re.compile(tariff))


# In order: the first that fits wins within its kind.
_SIGNS = (
    _sign("person", "baby", r"baby|babies|infant|newborn|toddler|\d+-\d+ ?m", "婴|宝宝|新生儿", r"babies"),
    _sign("person", "women", r"wom[ae]n'?s?|wom|lad(?:y|ies)'?|female|girls?'?|her|maternity", "女|孕妇", r"women's"),
    _sign("person", "men", r"m[ae]n'?s?|male|boys?'?|gents?|him", "男", r"(?<!wo)men's"),
    _sign("make", "knitted", r"knit(?:ted|wear)?|crochet(?:ed)?|jersey|ribbed|fleece|stretch", "针织|钩编|毛衣|弹力", r"(?<!not )knitted or crocheted"),
    _sign("make", "woven", r"woven|denim|poplin|twill|chiffon|satin|linen|jeans|corduroy|canvas", "梭织|机织|牛仔|雪纺|亚麻|灯芯绒|帆布", r"not knitted or crocheted"),
    _sign("material", "cashmere", r"cashmere", "羊绒", r"cashmere"),
    _sign("material", "wool", r"wool(?:len)?|merino|lambswool|alpaca|mohair", "羊毛|毛呢", r"of wool|wool or fine animal"),
    _sign("material", "silk", r"silk|mulberry", "真丝|桑蚕丝|丝绸", r"of silk"),
    _sign("material", "artificial", r"viscose|rayon|modal|lyocell|tencel|bamboo", "粘纤|莫代尔|天丝|人造丝", r"artificial fibres|man-made fibres"),
    _sign("material", "synthetic", r"polyester|nylon|acrylic|spandex|elastane|lycra|polyamide|microfib(?:re|er)|fleece|synthetic|chiffon|satin", "涤纶|尼龙|锦纶|腈纶|氨纶|化纤|聚酯|雪纺", r"(?<!or )synthetic fibres|man-made fibres|polyester|of nylon"),
    _sign("material", "cotton", r"cotton|denim|jeans|poplin|corduroy|muslin", "棉|牛仔", r"of cotton"),
    _sign("material", "linen", r"linen|flax|ramie", "亚麻|苎麻", r"of flax"),
    _sign("material", "leather", r"leather|suede|cowhide|nubuck", "真皮|牛皮|皮革|羊皮", r"(?:of|surface of) leather"),
    _sign("material", "wood", r"wood(?:en)?|oak|pine|walnut|mdf|acacia|beech|bamboo|rattan", "木|竹|藤", r"wooden|of wood\b|of bamboo|bamboo"),
    _sign("material", "glass", r"glass|crystal", "玻璃|水晶", r"of glass|glassware|lead crystal"),
    _sign("material", "porcelain", r"porcelain|bone china", "骨瓷|瓷器", r"of porcelain"),
    _sign("material", "ceramic", r"ceramic|stoneware|earthenware|terracotta|pottery", "陶瓷|陶", r"ceramic"),
    _sign("material", "stainless", r"stainless(?: steel)?", "不锈钢", r"stainless steel"),
    _sign("material", "aluminium", r"alumini?um|alloy", "铝", r"of aluminium"),
    _sign("material", "copper", r"copper|brass|bronze", "铜", r"of copper"),
    _sign("material", "silver", r"(?:sterling )?silver|925", "银", r"of silver"),
    _sign("material", "metal", r"metal|steel|iron|metallic|wire", "金属|铁|钢", r"of metal|iron or steel|of base metal"),
    _sign("material", "rubber", r"rubber|latex|neoprene|silicone rubber", "橡胶|乳胶", r"rubber"),
    _sign("material", "paper", r"paper|card(?:board)?", "纸", r"of paper|paper"),
    _sign("material", "plastic", r"plastic|silicone|pvc|acrylic|resin|vinyl|pu|eva|polypropylene|polyethylene", "塑料|硅胶|亚克力|树脂|PU", r"of plastics?|plastic|plastics"),
    _sign("power", "electric", r"electric(?:al)?|usb|rechargeable|cordless|battery|motori[sz]ed|powered", "电动|充电|USB|无线", r"electric"),
)  # fmt: skip


def attributes_of(text: str) -> dict[str, str]:
    """Return what a seller's text says of the goods, one value a kind."""
    plain = normalise(text)
    found: dict[str, str] = {}
    for sign in _SIGNS:
        if sign.kind not in found and (sign.english.search(plain) or sign.chinese.search(text)):
            found[sign.kind] = sign.value
    return found


@cache
def attributes_of_code(hs6: str) -> Mapping[str, frozenset[str]]:
    """Return what the tariff's own text asks for, by kind; a kind that it does not name is absent."""
    entry = nomenclature.get(hs6)
    text = entry.text.lower()
    own: dict[str, set[str]] = {}
    for sign in _SIGNS:
        if sign.tariff.search(_positive(text) if sign.kind != "make" else text):
            own.setdefault(sign.kind, set()).add(sign.value)
    return {kind: frozenset(values) for kind, values in own.items()}


def agreement(wanted: Attributes, hs6: str) -> tuple[int, int]:
    """Return how many of the wanted attributes the subheading names, and how many it names otherwise."""
    named = attributes_of_code(hs6)
    agreed = sum(value in named[kind] for kind, value in wanted.items() if kind in named)
    asked = sum(kind in named for kind in wanted)
    return agreed, asked - agreed


_NEGATIVE = re.compile(r"\((?:other than|not|excluding|excl)[^)]*\)|(?:other than|excluding)[^;,]*")


def _positive(text: str) -> str:
    return _NEGATIVE.sub(" ", text)
