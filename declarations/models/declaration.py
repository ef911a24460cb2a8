"""The declaration."""

from decimal import Decimal

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from declarations.models.bounds import amount_in_range
from logistics.models import Consignment
from swindow.accounts.models import (
    Act,
    Mandate,
    Membership,
    Organisation,
    User,
    authorities_of,
)
from swindow.accounts.warrants import Powers


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

# lodge() checks the same under the mandate's lock; this stops whoever goes around it.
_MANDATE_GUARD = """
    IF NOT EXISTS (
        SELECT 1 FROM accounts_mandate AS mandate
        WHERE mandate.id = NEW.mandate_id
          AND mandate.seller_id = NEW.declarant_id AND mandate.agent_id = NEW.representative_id
          AND mandate.accepted_at IS NOT NULL AND mandate.revoked_at IS NULL
          AND mandate.valid_from <= NEW.accepted_at
          AND (mandate.valid_to IS NULL OR mandate.valid_to > NEW.accepted_at)
          AND 'lodge' = ANY(mandate.scopes)
          AND (mandate.countries = '{}' OR NEW.jurisdiction = ANY(mandate.countries))
    ) THEN
        RAISE EXCEPTION 'declaration % is lodged under no mandate in force', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'declaration_lodged_under_mandate_in_force';
    END IF;
    RETURN NEW;
"""


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

    # What the person of this request may do with it; set by who admits them.
    powers = Powers()

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
            pgtrigger.Trigger(
                name="mandate_in_force",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="draft", new__status="accepted")
                & (pgtrigger.Q(new__mandate__isnull=False) | pgtrigger.Q(new__representative__isnull=False)),
                func=_MANDATE_GUARD,
            ),
            pgtrigger.Protect(
                name="representation_frozen",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__status="draft")
                & (
                    pgtrigger.Q(old__mandate__df=pgtrigger.F("new__mandate"))
                    | pgtrigger.Q(old__representative__df=pgtrigger.F("new__representative"))
                ),
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
