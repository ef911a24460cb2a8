"""The trader's statement and its fate."""

from declarations.models.buyers import BuyerNotice
from declarations.models.declaration import (
    Declaration,
    DeclarationQuerySet,
    DraftAnswer,
    Status,
)
from declarations.models.goods import GoodsItem, SupportingDocument
from declarations.models.holds import Hold, InformationRequest
from declarations.models.money import Assessment, Charge, Payment
from declarations.models.papers import ClearanceDocument
from declarations.models.product import Product

__all__ = [
    "Assessment",
    "BuyerNotice",
    "Charge",
    "ClearanceDocument",
    "Declaration",
    "DeclarationQuerySet",
    "DraftAnswer",
    "GoodsItem",
    "Hold",
    "InformationRequest",
    "Payment",
    "Product",
    "Status",
    "SupportingDocument",
]
