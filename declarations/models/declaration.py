"""The declaration, its goods and the documents produced with it."""

from decimal import Decimal

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from declarations.models.bounds import amount_in_range, between
from declarations.models.particulars import Particulars, particulars_in_range
from declarations.models.product import Product
from logistics.models import Consignment
from swindow.accounts.models import (
    Act,
    Mandate,
    Membership,
    Organisation,
    User,
    authorities_of,
)
from swindow.documents.models import StoredFile


class Status(models.TextChoices):
    """The five legal statuses; everything else that a person reads is derived from open holds."""

    DRAFT = "draft", _("Draft")
    ACCEPTED = "accepted", _("Accepted")
    RELEASED = "released", _("Released")
    REJECTED = "rejected", _("Refused")
    INVALIDATED = "invalidated", _("Invalidated")


TRANSITIONS = (
    (Status.DRAFT, Status.ACCEPTED),
    (Status.ACCEPTED, Status.RELEASED),
    (Status.ACCEPTED, Status.REJECTED),
    (Status.ACCEPTED, Status.INVALIDATED),
    (Status.RELEASED, Status.INVALIDATED),
)
_TRANSITION_LIST = ", ".join(f"('{before}', '{after}')" for before, after in TRANSITIONS)

_TRANSITION_GUARD = f"""
    IF (OLD.status, NEW.status) NOT IN ({_TRANSITION_LIST}) THEN
        RAISE EXCEPTION 'a declaration cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'declaration_transition_allowed';
    END IF;
    IF NEW.status = 'released' AND EXISTS (
        SELECT 1 FROM declarations_hold
        WHERE declaration_id = NEW.id AND lifted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'declaration % has an open hold', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'declaration_released_without_holds';
    END IF;
    RETURN NEW;
"""  # noqa: S608  (only our own constants are put in)


class PaymentMethod(models.TextChoices):
    """How the charges are paid."""

    DEFERMENT = "deferment", _("Deferment account")
    CARD = "card", _("Card")
    BANK = "bank", _("Bank transfer")


class _IsAnyOf(Func):
    """SQL's `value = ANY(array)`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def _allowed(user: User, act: str) -> Q:
    own = Membership.objects.allowing(user, act).values("organisation")
    in_country = Q(countries=[]) | Q(_IsAnyOf(OuterRef("jurisdiction"), F("countries")))
    mandates = Mandate.objects.live().allowing(user, act).filter(in_country, seller=OuterRef("declarant"))
    return Q(declarant__in=own) | Q(Exists(mandates))


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Which declarations somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "DeclarationQuerySet":
        """Return what the user declares, may declare for others, or examines as an officer."""
        if not user.is_authenticated:
            return self.none()
        own = _allowed(user, Act.VIEW)
        authorities = authorities_of(user)
        if not authorities:
            return self.filter(own)
        held = self.model._default_manager.filter(pk=OuterRef("pk"), holds__authority__in=authorities)
        return self.filter(own | Q(Exists(held)))

    def allowing(self, user: User | AnonymousUser, act: str) -> "DeclarationQuerySet":
        """Return the declarations with which the user may do an act, as a colleague or by a live mandate.

        An agent's mandate may be for some countries only, and never lets an officer in.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(_allowed(user, act))

    def newest_first(self) -> "DeclarationQuerySet":
        """Order as the lists show them; keyset pages rely on it."""
        return self.order_by("-id")


class Declaration(models.Model):
    """The lodged statement; its references survive every correction."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    lrn = models.CharField(
        _("your reference"),
        max_length=35,
        help_text=_("Your own number for this declaration; each one once."),
    )
    mrn = models.CharField(max_length=18, blank=True, editable=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    declarant = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="declarations")
    representative = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    mandate = models.ForeignKey(
        Mandate,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        help_text=_("Under which the representative lodged"),
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    consignment = models.OneToOneField(Consignment, on_delete=models.PROTECT, related_name="declaration")

    jurisdiction = CountryField(_("country of import"))
    consignee_type = models.CharField(
        _("the buyer is"),
        max_length=8,
        choices=[("private", _("a private person")), ("business", _("a business"))],
        default="private",
    )
    consignee_name = models.CharField(_("buyer's name"), max_length=120, blank=True)
    consignee_address = models.CharField(_("buyer's address"), max_length=300, blank=True)
    consignee_email = models.EmailField(
        _("buyer's e-mail address"),
        blank=True,
        help_text=_("The buyer is told that the declaration names them, and can object."),
    )
    consignor_name = models.CharField(_("sender's name"), max_length=120, blank=True)
    consignor_address = models.CharField(_("sender's address"), max_length=300, blank=True)
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    ordered_on = models.DateField(_("date of the order"), null=True, blank=True)
    buyer_annual_used = models.DecimalField(
        _("bought earlier this year by this buyer"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In the currency of the country of import, without this order."),
    )
    registration_scheme = models.CharField(
        _("tax registration"),
        max_length=24,
        blank=True,
        choices=[
            ("ioss", _("IOSS (import one-stop shop of the EU)")),
            ("gb_vat", _("VAT registration of the United Kingdom")),
            ("au_gst", _("GST registration of Australia")),
            ("sg_ovr", _("GST registration of Singapore (overseas vendors)")),
            ("br_remessa_conforme", _("Remessa Conforme programme of Brazil")),
        ],
    )
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)

    currency = models.CharField(_("currency of the invoice"), max_length=3, blank=True)
    freight_amount = models.DecimalField(_("freight"), max_digits=15, decimal_places=2, default=Decimal(0))
    insurance_amount = models.DecimalField(
        _("insurance"), max_digits=15, decimal_places=2, default=Decimal(0)
    )
    payment_method = models.CharField(_("how you pay"), max_length=10, choices=PaymentMethod, blank=True)

    saved_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(null=True, editable=False)
    rejected_at = models.DateTimeField(null=True, editable=False)
    invalidated_at = models.DateTimeField(null=True, editable=False)
    reason_code = models.CharField(max_length=12, blank=True, editable=False)
    reason = models.CharField(max_length=1000, blank=True, editable=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("declarant", "lrn"),
                name="declaration_lrn_once_per_declarant",
                violation_error_message=_("You have used this reference for another declaration."),
            ),
            models.UniqueConstraint(
                fields=("mrn",),
                condition=~Q(mrn=""),
                # So that the officers' search by the first characters finds it in any collation.
                opclasses=["varchar_pattern_ops"],
                name="declaration_mrn_once",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", mrn="", accepted_at__isnull=True)
                | (~Q(status="draft") & Q(mrn__gt="", accepted_at__isnull=False)),
                name="declaration_mrn_from_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("released", "invalidated")) | Q(released_at__isnull=True),
                name="declaration_released_at_only_when_released",
            ),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_at__isnull=False),
                name="declaration_released_at_when_released",
            ),
            models.CheckConstraint(
                condition=Q(status="rejected", rejected_at__isnull=False, reason_code__gt="")
                | (~Q(status="rejected") & Q(rejected_at__isnull=True)),
                name="declaration_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="invalidated", invalidated_at__isnull=False)
                | (~Q(status="invalidated") & Q(invalidated_at__isnull=True)),
                name="declaration_invalidated_at_when_invalidated",
            ),
            amount_in_range(
                "freight_amount", name="declaration_freight_in_range", message=_("Give 0 or more.")
            ),
            amount_in_range(
                "insurance_amount", name="declaration_insurance_in_range", message=_("Give 0 or more.")
            ),
            amount_in_range(
                "buyer_annual_used", name="declaration_annual_used_in_range", message=_("Give 0 or more.")
            ),
        )
        indexes = (
            # The seller's list, all statuses, newest first, at any depth.
            models.Index(fields=("declarant", "-id"), name="declaration_page"),
            # Risk rule R-202 asks for a seller's refusals, which are few among many.
            models.Index(fields=("declarant",), name="declaration_refused", condition=Q(status="rejected")),
        )
        triggers = (
            pgtrigger.Trigger(
                name="allowed_transition",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
                func=_TRANSITION_GUARD,
            ),
            pgtrigger.Protect(
                name="starts_as_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="draft"),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_draft(self) -> bool:
        """Tell whether the seller may still change everything."""
        return self.status == Status.DRAFT


class DraftAnswer(models.Model):
    """What somebody typed into one section of a draft and could not be stored yet; nothing typed is lost."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="draft_answers")
    section = models.CharField(max_length=40)
    typed = models.JSONField(help_text=_("The form's fields as they were sent, good or bad"))
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("declaration", "section"), name="draft_answer_once"),)

    def __str__(self) -> str:
        return f"{self.section} of {self.declaration_id}"


class GoodsItem(Particulars):
    """One line of the declaration; a copy of the product as it was."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="goods_items")
    line_no = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="goods_items", null=True, blank=True
    )
    description = models.CharField(_("description"), max_length=200)
    commodity_code = models.CharField(_("commodity code"), max_length=10)
    origin = CountryField(_("country of origin"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=8, default="piece")
    unit_price = models.DecimalField(_("price of one"), max_digits=15, decimal_places=2)
    net_mass_kg = models.DecimalField(_("net mass of the line, kg"), max_digits=12, decimal_places=3)
    gross_mass_kg = models.DecimalField(_("gross mass of the line, kg"), max_digits=12, decimal_places=3)
    net_content_value = models.DecimalField(
        _("net content of one"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    net_content_unit = models.CharField(_("unit of the net content"), max_length=6, blank=True)

    class Meta:
        ordering = ("line_no",)
        constraints = (
            models.UniqueConstraint(fields=("declaration", "line_no"), name="goods_item_line_once"),
            between(
                "quantity",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_quantity_in_range",
                message=_("Give a quantity above 0."),
            ),
            amount_in_range(
                "unit_price", name="goods_item_unit_price_in_range", message=_("Give 0 or more.")
            ),
            between(
                "net_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_net_mass_in_range",
                message=_("Give a net mass above 0."),
            ),
            between(
                "gross_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_gross_mass_in_range",
                message=_("Give a gross mass above 0."),
            ),
            models.CheckConstraint(
                condition=Q(gross_mass_kg__gte=F("net_mass_kg")),
                name="goods_item_gross_covers_net",
                violation_error_message=_("The gross mass cannot be below the net mass."),
            ),
            between(
                "net_content_value",
                lower=Decimal(0),
                upper=Decimal(1_000_000),
                is_lower_allowed=False,
                name="goods_item_net_content_in_range",
                message=_("Give a net content above 0."),
            ),
            *particulars_in_range("goods_item"),
        )

    def __str__(self) -> str:
        return f"{self.line_no}. {self.description}"

    @property
    def item_price(self) -> Decimal:
        """Return the price of the whole line (DE 4/14), in the declaration's currency."""
        return self.quantity * self.unit_price


class SupportingDocument(models.Model):
    """A paper produced with the declaration, and the figures that its issuer stated in it."""

    class Kind(models.TextChoices):
        """What the paper is."""

        INVOICE = "invoice", _("Invoice")
        PACKING_LIST = "packing_list", _("Packing list")
        ORDER = "order", _("Order")
        PAYMENT_RECORD = "payment_record", _("Payment record")
        TRANSPORT_DOCUMENT = "transport_document", _("Transport document")
        HEALTH_CERTIFICATE = "health_certificate", _("Health certificate")
        PHYTOSANITARY_CERTIFICATE = "phytosanitary_certificate", _("Phytosanitary certificate")
        LABEL = "label", _("Label")
        CERTIFICATE_OF_ORIGIN = "certificate_of_origin", _("Certificate of origin")
        STATEMENT_ON_ORIGIN = "statement_on_origin", _("Statement on origin")
        EUR1_CERTIFICATE = "eur1_certificate", _("EUR.1 movement certificate")
        ATR_CERTIFICATE = "atr_certificate", _("A.TR movement certificate")
        OTHER = "other", _("Other")

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="documents")
    goods_item = models.ForeignKey(
        GoodsItem, on_delete=models.SET_NULL, related_name="documents", null=True, blank=True
    )
    kind = models.CharField(_("kind of document"), max_length=26, choices=Kind)
    number = models.CharField(_("number on the document"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    stated_amount = models.DecimalField(
        _("goods total stated in it"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    stated_gross_mass_kg = models.DecimalField(
        _("gross mass stated in it, kg"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            amount_in_range(
                "stated_amount", name="supporting_document_amount_in_range", message=_("Give 0 or more.")
            ),
            between(
                "stated_gross_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="supporting_document_gross_mass_in_range",
                message=_("Give a gross mass above 0."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
