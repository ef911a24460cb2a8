"""Says when a text names no goods: "gift", "parts", "black, xl"; such a text cannot be declared."""

import re
from collections.abc import Sequence

from tariffs.classification.query import Asked
from tariffs.classification.stemming import stem
from tariffs.classification.words import COLOURS

# Words that fit anything: what the goods are for or where they go, never what they are.
_GENERIC = frozenset(
    stem(word)
    for word in (
        "accessory accessories apparatus appliance article assorted bits bundle cargo clothes collection commercial "
        "component components consignment consolidated consumer contents custom customs daily damaged delivery device "
        "documents ecommerce electronics electronic electrical equipment essentials extra foodstuff foodstuffs food "
        "freight garment garments general gift gifts goods hardware hobby home household industrial item items kit "
        "kits leisure lot machine machinery mail material materials merchandise misc miscellaneous mixed mystery necessities "
        "object objects office online order other package packaging parcel part parts personal personalised present "
        "presents private product products promotional promo property purchase refund replacement replacements retail "
        "return returned returns sample samples shipment shop shopping souvenir spare spares special stock stuff "
        "supplies supply surprise textile textiles thing things tool tools toiletries toiletry unit unknown various "
        "warranty webshop wholesale xmas birthday christmas men women boy girl child baby adult unisex ladies gents "
        "chemical chemicals plastic plastics metal wood wooden cotton polyester leather fabric type model version "
        "design style print printed pattern classic standard deluxe premium original luxury modern vintage retro "
        "summer winter spring autumn"
    ).split()
) | {stem(colour) for colour in COLOURS}
_GENERIC_CHINESE = re.compile(
    "礼品|礼物|赠品|配件|零件|部件|样品|商品|货物|物品|杂物|杂货|日用品|生活用品|个人物品|个人用品|家居用品|产品|"
    "其他|其它|包裹|快递|材料|工具|用品|东西|电子产品|百货|混装|备件|设备|机器|套装|男士|女士|男款|女款|儿童|婴儿|"
    "男|女|新款|大号|小号|中号|均码|[黑白红蓝绿黄紫灰粉橙棕]色?|特大|加大|[的件个只条双套一二三四五六七八九十]"
)
# Below this nothing in the text speaks clearly for any subheading.
_LEAST_STRENGTH = 1.6


def is_vague(asked: Sequence[Asked], *, chinese: str, strength: float) -> bool:
    """Say whether the text names no goods; `strength` is the score of the best subheading."""
    if strength < _LEAST_STRENGTH:
        return True
    if _GENERIC_CHINESE.sub("", chinese).strip():
        return False
    english = [one for one in asked if one.written.isascii()]
    return all(one.is_weak or stem(one.written) in _GENERIC for one in english)
