"""What each sample paper says: one function a kind, from order, paper and day to a page of HTML."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import escape

from declarations.demo.layout import both, facts, head, labelled, mass, money, page, sums, table
from declarations.demo.orders import Goods, Order, Paper, Seller

Drawing = Callable[[Order, Paper, Seller, date], str]

SELLER_INK, PLATFORM_INK, PAYMENT_INK = "#0b5a66", "#b4460f", "#243b8f"
FREIGHT_INK, CERTIFICATE_INK, POST_INK, REGISTER_INK = "#1f2937", "#2f6b3a", "#7a1f2b", "#4b3a8f"
_GOODS = ("Goods / 货物", False)
_CODE = ("HS code / 编码", False)
_ORIGIN = ("Origin / 原产地", False)
_QUANTITY = ("Quantity / 数量", True)


def draw(order: Order, paper: Paper, *, seller: Seller, day: date) -> str:
    """Return the page of a paper as it is when the order is filed on `day`."""
    kind = (
        "customs_form"
        if order.transport_mode == "post" and paper.kind == "transport_document"
        else paper.kind
    )
    return _DRAWINGS[kind](order, paper, seller, day)


def company_extract(seller: Seller, *, day: date) -> str:
    """Return the register extract with which the demo seller identifies itself."""
    body = [
        head("Register extract", "企业登记摘录", issuer="Example Business Register", lines=["Amsterdam"]),
        facts(
            [
                ("Company / 企业名称", f"{seller.name}\n{seller.name_zh}"),
                ("Registration number / 注册号", seller.registration_number),
                ("Seat / 住所", seller.address),
                ("Legal representative / 法定代表人", seller.contact_name),
                ("Activity / 经营范围", "Retail sale over the internet / 网络零售"),
                ("Date of the extract / 出具日期", f"{day:%Y-%m-%d}"),
            ]
        ),
        '<div class="note">The company is entered as active. 该企业登记状态：存续。</div>',
    ]
    return page(title="Register extract", ink=REGISTER_INK, body=body)


def _invoice(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    body = [
        head("Commercial invoice", "商业发票", issuer=seller.name, lines=[seller.name_zh, seller.address]),
        facts(
            [
                ("Invoice number / 发票号", paper.number),
                ("Date / 日期", f"{paper.issued_on(day):%Y-%m-%d}"),
                ("Order / 订单号", order.order_number),
                ("Terms / 贸易术语", f"DAP {order.place_of_arrival}"),
                ("Buyer / 买方", f"{order.consignee_name}\n{order.consignee_address}"),
                ("Sent by / 发货人", f"{order.consignor_name}\n{order.consignor_address}"),
            ]
        ),
        _priced_goods(order),
        sums(
            [
                ("Goods / 货物", money(order.goods_total)),
                ("Freight / 运费", money(Decimal(order.freight_amount))),
                ("Insurance / 保险费", money(Decimal(order.insurance_amount))),
                ("Total / 合计", money(order.grand_total, order.currency)),
            ]
        ),
        *_ioss_note(order),
        f'<div class="sign">{escape(seller.contact_name)}, {escape(seller.name)}</div>',
    ]
    return page(title=f"Invoice {paper.number}", ink=SELLER_INK, body=body)


def _packing_list(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    columns = [_GOODS, ("Article / 货号", False), _QUANTITY, ("Net / 净重", True), ("Gross / 毛重", True)]
    rows = [
        (both(one.description, one.description_zh), one.sku, one.quantity, mass(one.net_mass_kg), _gross(one))
        for one in order.goods
    ]
    total = order.stated_gross_mass_kg(paper) or Decimal(order.gross_mass_kg)
    carton = Decimal(paper.outer_carton_kg or 0)
    parts = [("Net mass / 净重", mass(order.net_mass_kg))]
    if carton:
        parts.append(("Outer carton / 外箱", mass(carton)))
    parts.append(("Gross mass / 毛重", mass(total)))
    body = [
        head("Packing list", "装箱单", issuer=seller.name, lines=[seller.name_zh, seller.address]),
        facts(
            [
                ("Packing list / 装箱单号", paper.number),
                ("Date / 日期", f"{paper.issued_on(day):%Y-%m-%d}"),
                ("Order / 订单号", order.order_number),
                ("Packages / 件数", f"{order.package_count} carton, marks LF {order.order_number[-5:]} 1/1"),
            ]
        ),
        table(columns, rows),
        sums(parts),
    ]
    return page(title=f"Packing list {paper.number}", ink=SELLER_INK, body=body)


def _order(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    body = [
        head("Order", "订单", issuer=order.platform, lines=[order.platform_zh]),
        facts(
            [
                ("Order number / 订单号", order.order_number),
                ("Ordered on / 下单日期", f"{paper.issued_on(day):%Y-%m-%d}"),
                ("Buyer / 买家", f"{order.consignee_name}\n{order.consignee_address}"),
                ("Shop / 店铺", seller.name),
            ]
        ),
        _priced_goods(order),
        sums(
            [
                ("Goods / 货物", money(order.goods_total)),
                ("Delivery and insurance / 运保费", money(order.grand_total - order.goods_total)),
                ("Paid / 实付", money(order.grand_total, order.currency)),
            ]
        ),
    ]
    return page(title=f"Order {order.order_number}", ink=PLATFORM_INK, body=body)


def _payment_record(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    body = [
        head("Payment record", "支付凭证", issuer=paper.issuer, lines=["Payment institution / 支付机构"]),
        facts(
            [
                ("Transaction / 交易流水号", paper.number),
                ("Paid on / 支付日期", f"{paper.issued_on(day):%Y-%m-%d}"),
                ("Payer / 付款人", order.consignee_name),
                ("Payee / 收款人", seller.name),
                ("For order / 订单号", order.order_number),
                ("Status / 状态", "Paid / 支付成功"),
            ]
        ),
        sums(
            [
                ("Goods / 货款", money(order.goods_total)),
                ("Freight / 运费", money(Decimal(order.freight_amount))),
                ("Insurance / 保险费", money(Decimal(order.insurance_amount))),
                ("Paid / 实付", money(order.grand_total, order.currency)),
            ]
        ),
        '<div class="note">The payer is the person who ordered. 付款人与订购人一致。</div>',
    ]
    return page(title=f"Payment {paper.number}", ink=PAYMENT_INK, body=body)


def _air_waybill(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    gross = mass(Decimal(order.gross_mass_kg))
    wide = ' colspan="2"'
    rows = [
        [
            labelled("Air waybill number / 空运单号", paper.number, attributes=wide, is_big=True),
            labelled("Carrier / 承运人", paper.issuer, attributes=wide),
        ],
        [
            labelled(
                "Shipper / 托运人", f"{order.consignor_name}\n{order.consignor_address}", attributes=wide
            ),
            labelled(
                "Consignee / 收货人", f"{order.consignee_name}\n{order.consignee_address}", attributes=wide
            ),
        ],
        [
            labelled("Airport of departure / 始发站", order.place_of_departure),
            labelled("Airport of destination / 目的站", order.place_of_arrival),
            labelled("Flight / 航班", order.means_of_transport),
            labelled("Executed on / 签发日期", f"{paper.issued_on(day):%Y-%m-%d}"),
        ],
        [
            labelled("Pieces / 件数", str(order.package_count)),
            labelled("Gross weight / 毛重", gross, is_big=True),
            labelled("Chargeable weight / 计费重量", "4.5 kg"),
            labelled("Charges / 运费", f"Prepaid {money(Decimal(order.freight_amount), order.currency)}"),
        ],
        [
            labelled(
                "Nature of goods / 货物品名",
                "Consumer goods for personal use: " + "; ".join(one.description for one in order.goods),
                attributes=' colspan="4"',
            )
        ],
    ]
    body = [
        head("Air waybill", "航空货运单", issuer=paper.issuer, lines=["Not negotiable / 不可转让"]),
        '<table class="boxes">' + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>",
    ]
    return page(title=f"Air waybill {paper.number}", ink=FREIGHT_INK, body=body)


def _health_certificate(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    goods = order.goods[(paper.line_no or 1) - 1]
    body = [
        '<div class="frame">',
        head(
            "Health certificate",
            "卫生证书",
            issuer=paper.issuer,
            lines=["Invented for a demonstration / 虚构机构"],
        ),
        facts(
            [
                ("Certificate number / 证书编号", paper.number),
                ("Date of issue / 签发日期", f"{paper.issued_on(day):%Y-%m-%d}"),
                ("Goods / 货物", f"{goods.description}\n{goods.description_zh}"),
                ("HS code / 编码", goods.commodity_code),
                ("Quantity / 数量", f"{goods.quantity} tins of 900 g, {mass(goods.net_mass_kg)} net"),
                ("Country of origin / 原产国", "Australia / 澳大利亚"),
                ("Plant / 生产企业", "Example Dairy Works, Colac, plant 0000-X"),
                ("Consignee / 收货人", order.consignee_name),
            ]
        ),
        "<p>The milk powder named above was made from pasteurised milk of healthy animals, is fit for "
        "infants from birth, and was sampled and found free of Salmonella and Cronobacter.</p>"
        "<p>上述婴儿配方奶粉以健康动物的巴氏杀菌乳为原料，适合0月龄起婴儿食用，"
        "经抽样检验未检出沙门氏菌和克罗诺杆菌。</p>",
        '<div class="seal">Example Food<br>Certification</div>',
        '<div class="sign">Certifying officer / 签证官</div></div>',
    ]
    return page(title=f"Health certificate {paper.number}", ink=CERTIFICATE_INK, body=body)


def _customs_form(order: Order, paper: Paper, seller: Seller, day: date) -> str:
    columns = [_GOODS, _QUANTITY, ("Net mass / 净重", True), ("Value / 价值", True), _CODE, _ORIGIN]
    rows = [
        (
            both(one.description, one.description_zh),
            one.quantity,
            mass(one.net_mass_kg),
            money(one.price, order.currency),
            one.commodity_code,
            one.origin,
        )
        for one in order.goods
    ]
    half = ' colspan="2"'
    boxes = [
        [
            labelled("Item number / 邮件号", paper.number, attributes=half, is_big=True),
            labelled("Category / 类别", "[x] Sale of goods / 商品销售", attributes=half),
        ],
        [
            labelled("From / 寄件人", f"{order.consignor_name}\n{order.consignor_address}", attributes=half),
            labelled("To / 收件人", f"{order.consignee_name}\n{order.consignee_address}", attributes=half),
        ],
        [
            labelled("Gross mass / 毛重", mass(Decimal(order.gross_mass_kg)), is_big=True),
            labelled("Value of the goods / 货值", money(order.goods_total, order.currency)),
            labelled("Postage / 邮费", money(Decimal(order.freight_amount), order.currency)),
            labelled("Posted on / 交寄日期", f"{paper.issued_on(day):%Y-%m-%d}"),
        ],
        [
            labelled(
                "Importer's reference / 进口商参考", f"IOSS {order.registration_number}", attributes=half
            ),
            labelled("Invoice / 发票", order.papers[0].number, attributes=half),
        ],
    ]
    body = [
        head(
            "Customs declaration",
            "报关单（邮件）",
            issuer=paper.issuer,
            lines=["Post form of the CN 23 type"],
        ),
        '<table class="boxes">'
        + "".join(f"<tr>{''.join(row)}</tr>" for row in boxes)
        + "</table><h2>Contents / 内件</h2>",
        table(columns, rows),
    ]
    return page(title=f"Postal customs declaration {paper.number}", ink=POST_INK, body=body)


def _priced_goods(order: Order) -> str:
    columns = [_GOODS, _CODE, _ORIGIN, _QUANTITY, ("Price / 单价", True), ("Amount / 金额", True)]
    rows = [
        (
            both(one.description, one.description_zh),
            one.commodity_code,
            one.origin,
            one.quantity,
            money(Decimal(one.unit_price)),
            money(one.price),
        )
        for one in order.goods
    ]
    return table(columns, rows)


def _ioss_note(order: Order) -> list[str]:
    if not order.registration_number:
        return []
    return [
        f'<div class="note">VAT taken at sale under IOSS, number {escape(order.registration_number)}.</div>'
    ]


def _gross(goods: Goods) -> str:
    return mass(Decimal(goods.gross_mass_kg))


_DRAWINGS: dict[str, Drawing] = {
    "invoice": _invoice,
    "packing_list": _packing_list,
    "order": _order,
    "payment_record": _payment_record,
    "transport_document": _air_waybill,
    "health_certificate": _health_certificate,
    "customs_form": _customs_form,
}
