"""The catalogue: products get their reference here."""

from datetime import datetime

from django.db import transaction

from declarations.models import Product
from swindow.copying import id_sequence, next_ids
from swindow.references import reference


@transaction.atomic
def register_product(product: Product, *, at: datetime) -> Product:
    """Store an unsaved product and give it its reference.

    Raises IntegrityError (product_sku_once_per_seller) when the seller used the article number before.
    """
    number = next_ids(id_sequence("declarations_product"), 1)[0]
    product.pk, product.reference = number, reference("PRD", number, on=at.date())
    product.save(force_insert=True)
    return product
