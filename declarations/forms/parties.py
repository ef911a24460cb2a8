"""Who sends, who buys, and the order behind the import."""

from declarations.forms import fields
from declarations.forms.section import SectionForm
from declarations.models import Declaration


class PartiesForm(SectionForm):
    """Buyer, sender, order and what freight and insurance cost."""

    section = "parties"

    consignee_type = fields.choice(Declaration, "consignee_type", is_radio=True)
    consignee_name = fields.text(Declaration, "consignee_name")
    consignee_address = fields.text(Declaration, "consignee_address")
    consignor_name = fields.text(Declaration, "consignor_name")
    consignor_address = fields.text(Declaration, "consignor_address")
    order_number = fields.text(Declaration, "order_number")
    ordered_on = fields.day(Declaration, "ordered_on")
    currency = fields.currency(Declaration, "currency")
    freight_amount = fields.number(Declaration, "freight_amount", required=False)
    insurance_amount = fields.number(Declaration, "insurance_amount", required=False)

    @classmethod
    def is_begun(cls, draft: Declaration) -> bool:
        """Tell whether the buyer or the order is named; the rest has a value from the start."""
        return bool(draft.consignee_name or draft.order_number or draft.consignee_address)
