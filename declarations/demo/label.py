"""The picture of the Chinese label of the milk powder, drawn with Pillow."""

import io
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageFont

from declarations.demo.chinese import find_font
from declarations.demo.orders import Goods, Order, Seller

_SIZE = (900, 640)
_INK, _PAPER, _BAND = "#1c2b24", "#fbfaf4", "#2f6b3a"
_SHELF_LIFE = timedelta(days=730)


def draw_label(order: Order, goods: Goods, *, seller: Seller, made_on: date) -> bytes:
    """Return a PNG with what GB 7718 asks of a label: name, contents, dates, storage, maker, importer."""
    font = find_font()
    picture = Image.new("RGB", _SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, _SIZE[0], 96), fill=_BAND)
    pen.text(
        (32, 20), goods.description_zh, font=ImageFont.truetype(font.path, 40, index=font.index), fill="white"
    )
    small = ImageFont.truetype(font.path, 22, index=font.index)
    for place, line in enumerate(_lines(order, goods, seller=seller, made_on=made_on)):
        pen.text((32, 124 + 40 * place), line, font=small, fill=_INK)
    target = io.BytesIO()
    picture.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def _lines(order: Order, goods: Goods, *, seller: Seller, made_on: date) -> list[str]:
    content = f"{goods.net_content_value}{goods.net_content_unit}"
    return [
        f"净含量：{content}      适用年龄：0–6月龄（1段）",
        "配料：脱脂奶、植物油、乳糖、乳清蛋白粉、维生素、矿物质",
        "营养成分（每100 mL）：能量 280 kJ  蛋白质 1.4 g  脂肪 3.5 g",
        f"生产日期：{made_on:%Y-%m-%d}      保质期至：{made_on + _SHELF_LIFE:%Y-%m-%d}",
        "贮存条件：置于阴凉干燥处，开罐后四周内食用",
        "原产国：澳大利亚      产品标准：GB 10765",
        "生产企业：Example Dairy Works, Colac（境外注册号 0000-X）",
        f"经销：{seller.name_zh}  {seller.name}",
        f"联系电话：{seller.contact_phone}",
        f"订单：{order.order_number}      提示：母乳是婴儿最好的食品",
        "演示样本，所有名称均为虚构。 Sample label, every name is invented.",
    ]
