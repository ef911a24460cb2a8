"""People, their organisations, and who may act for whom."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from swindow.documents.models import StoredFile


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name to sign in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user with a hashed password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who may do everything in the reference data."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    preferred_language = models.CharField(_("language"), max_length=10, default="en")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def actor(self) -> str:
        """Return the user as audit text; no personal data enters the chain."""
        return f"user:{self.pk}"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Which organisations somebody may see."""

    def for_actor(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Return the organisations that the user belongs to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)

    def owned_by(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Return the organisations whose mandates, money and members the user decides on."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)

    def acted_for_by(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Return the user's own sellers and those that gave one of the user's agents a live mandate."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user).values("organisation")
        mandated = Mandate.objects.live().filter(agent__in=mine).values("seller")
        return self.filter(Q(pk__in=mine) | Q(pk__in=mandated))


class Organisation(models.Model):
    """A company or authority; a seller may lodge once it is verified."""

    class Kind(models.TextChoices):
        """What the organisation does here."""

        SELLER = "seller", _("Seller")
        AGENT = "agent", _("Agent")
        AUTHORITY = "authority", _("Authority")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("company name"), max_length=200)
    registration_number = models.CharField(_("company registration number"), max_length=40)
    country = CountryField(_("country"), blank_label=_("Choose"))  # type: ignore[call-overload]
    address = models.CharField(_("address"), max_length=300)
    contact_name = models.CharField(_("legal representative"), max_length=120)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    authority = models.CharField(
        max_length=12, blank=True, help_text=_("Code of the authority: customs, tax, quarantine, port")
    )
    deferment_account = models.CharField(_("deferment account"), max_length=30, blank=True)
    verified_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("country", "registration_number"),
                name="organisation_registered_once",
                violation_error_message=_(
                    "This company is registered already. Ask a colleague to invite you."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="authority", authority__gt="") | (~Q(kind="authority") & Q(authority="")),
                name="organisation_authority_code_for_authorities_only",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        """Tell whether an officer has verified the company."""
        return self.verified_at is not None

    @property
    def initials(self) -> str:
        """Return two letters for the badge."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Membership(models.Model):
    """A person's place in an organisation."""

    class Role(models.TextChoices):
        """What the person may do in the organisation."""

        OWNER = "owner", _("Owner")
        DECLARANT = "declarant", _("Declarant")
        OFFICER = "officer", _("Officer")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation"),
                name="membership_once",
                violation_error_message=_("This person belongs to the organisation already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Which verification cases somebody may see."""

    def for_actor(self, user: "User | AnonymousUser") -> "VerificationQuerySet":
        """Officers of customs see every case; others their own company's."""
        if not user.is_authenticated:
            return self.none()
        if authorities_of(user) & {"customs"}:
            return self
        return self.filter(organisation__memberships__user=user)


class Verification(models.Model):
    """One examination of who a company is; an officer decides it."""

    class Status(models.TextChoices):
        """How far the examination is."""

        SUBMITTED = "submitted", _("With an officer")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="verifications")
    identity_document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.SUBMITTED)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(status="submitted"),
                name="verification_one_open",
                violation_error_message=_("An officer is looking at your company already."),
            ),
            models.CheckConstraint(
                condition=Q(status="submitted", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="submitted") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="verification_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("submitted_by")),
                name="verification_not_decided_by_its_author",
                violation_error_message=_("Nobody verifies their own company."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Which mandates somebody may see, and which are in force."""

    def for_actor(self, user: "User | AnonymousUser") -> "MandateQuerySet":
        """Return the mandates that the user's organisations gave or hold."""
        mine = Organisation.objects.for_actor(user).values("pk")
        return self.filter(Q(seller__in=mine) | Q(agent__in=mine))

    def live(self) -> "MandateQuerySet":
        """Return the mandates in force by the database's clock."""
        in_time = Q(valid_to__isnull=True) | Q(valid_to__gt=Now())
        return self.filter(in_time, valid_from__lte=Now(), revoked_at=None)


class Mandate(models.Model):
    """The power of an agent to act for a seller."""

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_held")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("seller", "agent"),
                condition=Q(revoked_at__isnull=True),
                name="mandate_one_live",
                violation_error_message=_("This agent holds a mandate of yours already."),
            ),
            models.CheckConstraint(condition=~Q(seller=F("agent")), name="mandate_between_two"),
        )

    def __str__(self) -> str:
        return f"{self.agent} for {self.seller}"


class ApiToken(models.Model):
    """A machine's key; only its SHA-256 is kept, so a dump cannot sign in."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def new_key() -> str:
        """Return a fresh 256-bit key; it is shown once."""
        return f"sw_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(key: str) -> str:
        """Return what the database keeps of a key."""
        return hashlib.sha256(key.encode()).hexdigest()


class IdempotentRequest(models.Model):
    """A machine's POST and its answer, so that the same key never acts twice."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    operation = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "operation", "key"), name="idempotency_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


def authorities_of(user: "User | AnonymousUser") -> frozenset[str]:
    """Return the authorities that the user is an officer of; empty for anybody else."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(
        Organisation.objects.for_actor(user)
        .filter(kind=Organisation.Kind.AUTHORITY)
        .values_list("authority", flat=True)
    )
