"""Organisations, their people, and who may act for whom."""

from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from swindow.accounts.models.acts import MANDATED_ACTS, Act, Role, roles_that_may
from swindow.accounts.models.people import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Which organisations somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Return the organisations that the user belongs to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)

    def owned_by(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Return the organisations whose mandates, money and members the user decides on."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role=Role.OWNER)

    def acted_for_by(self, user: User | AnonymousUser, act: str = Act.VIEW) -> "OrganisationQuerySet":
        """Return for whom the user may do an act: the own company by role, sellers by a live mandate.

        A mandate may be for some countries only: `Declaration.objects.allowing(user, act)` looks at each.
        """
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.allowing(user, act).values("organisation")
        mandated = Mandate.objects.live().allowing(user, act).values("seller")
        return self.filter(Q(pk__in=own) | Q(pk__in=mandated))

    def declarants(self) -> "OrganisationQuerySet":
        """Return the organisations that may declare in their own name."""
        return self.filter(kind__in=DECLARANTS)

    def agents(self) -> "OrganisationQuerySet":
        """Return the verified organisations that may act for sellers."""
        return self.filter(kind__in=AGENTS).verified()

    def verified(self) -> "OrganisationQuerySet":
        """Return the organisations whose verification holds today."""
        in_time = Q(verified_until__isnull=True) | Q(verified_until__gte=TruncDate(Now()))
        return self.filter(in_time, verified_at__isnull=False, suspended_at=None)


class Organisation(models.Model):
    """A company or authority; a seller may lodge once it is verified."""

    class Kind(models.TextChoices):
        """What the organisation does here."""

        SELLER = "seller", _("Seller")
        PLATFORM = "platform", _("E-commerce platform")
        AGENT = "agent", _("Customs agent")
        CARRIER = "carrier", _("Logistics company")
        PAYMENT = "payment", _("Payment company")
        AUTHORITY = "authority", _("Authority")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("company name"), max_length=200)
    registration_number = models.CharField(_("company registration number"), max_length=40)
    country = CountryField(_("country"), blank_label=_("Choose"))  # type: ignore[call-overload]
    address = models.CharField(_("address"), max_length=300)
    contact_name = models.CharField(_("legal representative"), max_length=120)
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True)
    contact_person = models.CharField(_("contact for customs matters"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail address for customs matters"), blank=True)
    authority = models.CharField(
        max_length=12, blank=True, help_text=_("Code of the authority: customs, tax, quarantine, port")
    )
    deferment_account = models.CharField(_("deferment account"), max_length=30, blank=True)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_until = models.DateField(null=True, editable=False)
    suspended_at = models.DateTimeField(null=True, editable=False)
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
        """Tell whether an officer has verified the company and it still holds."""
        return self.verified_at is not None and self.suspended_at is None and not self.has_expired

    @property
    def has_expired(self) -> bool:
        """Tell whether the verification ran out."""
        until: date | None = self.verified_until
        return until is not None and until < timezone.now().date()

    @property
    def is_declarant(self) -> bool:
        """Tell whether the organisation may declare in its own name."""
        return self.kind in DECLARANTS

    @property
    def is_agent(self) -> bool:
        """Tell whether the organisation acts for sellers."""
        return self.kind in AGENTS

    @property
    def initials(self) -> str:
        """Return two letters for the badge."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


DECLARANTS = (Organisation.Kind.SELLER, Organisation.Kind.PLATFORM)
AGENTS = (Organisation.Kind.AGENT, Organisation.Kind.CARRIER)


class CustomsCode(models.Model):
    """A number under which an authority or a tax scheme knows the company."""

    class Scheme(models.TextChoices):
        """Who gave the number; rules.customs_codes knows the form of each."""

        EORI = "eori", _("EORI number (European Union)")
        GB_EORI = "gb_eori", _("EORI number (United Kingdom)")
        CN_CUSTOMS = "cn_customs", _("Customs registration code (China)")
        US_IMPORTER = "us_importer", _("Importer number (United States)")
        IOSS = "ioss", _("IOSS number (European Union)")
        GB_VAT = "gb_vat", _("VAT number (United Kingdom)")
        AU_GST = "au_gst", _("GST registration (Australia)")
        SG_OVR = "sg_ovr", _("GST registration (Singapore, overseas vendors)")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="customs_codes")
    scheme = models.CharField(max_length=12, choices=Scheme)
    number = models.CharField(max_length=30)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "scheme"),
                name="customs_code_once_a_scheme",
                violation_error_message=_("You have given a number of this kind already."),
            ),
            models.UniqueConstraint(
                fields=("scheme", "number"),
                name="customs_code_of_one_company",
                violation_error_message=_("Another company uses this number."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who belongs where."""

    def allowing(self, user: User, act: str) -> "MembershipQuerySet":
        """Return the user's places in which the role allows an act; an officer sees the own authority."""
        officer = (Role.OFFICER,) if act == Act.VIEW else ()
        return self.filter(user=user, role__in=(*roles_that_may(act), *officer))


class Membership(models.Model):
    """A person's place in an organisation."""

    Role = Role

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField(db_default=Now())

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation"),
                name="membership_once",
                violation_error_message=_("This person belongs to the organisation already."),
            ),
            # S5: who examines goods trades in none. Constraints, not triggers: they see every row.
            ExclusionConstraint(
                name="membership_officer_in_no_company",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (models.ExpressionWrapper(Q(role=Role.OFFICER), models.BooleanField()), "<>"),
                ],
                violation_error_message=_("An officer belongs to no company."),
            ),
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(role=Role.OFFICER),
                name="membership_one_authority",
                violation_error_message=_("An officer works for one authority."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}"


class FormerMembership(models.Model):
    """A place that a person had; who left a company still decides nothing about it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="former_memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="former_memberships"
    )
    role = models.CharField(max_length=10, choices=Role)
    left_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} until {self.left_at:%Y-%m-%d} in {self.organisation}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Which mandates somebody may see, and which are in force."""

    def for_actor(self, user: User | AnonymousUser) -> "MandateQuerySet":
        """Return the mandates that the user's organisations gave or hold."""
        mine = Organisation.objects.for_actor(user).values("pk")
        return self.filter(Q(seller__in=mine) | Q(agent__in=mine))

    def live(self) -> "MandateQuerySet":
        """Return the mandates in force by the database's clock."""
        in_time = Q(valid_to__isnull=True) | Q(valid_to__gt=Now())
        return self.filter(in_time, valid_from__lte=Now(), accepted_at__isnull=False, revoked_at=None)

    def waiting(self) -> "MandateQuerySet":
        """Return the mandates that their agent has not accepted yet."""
        return self.current().filter(accepted_at=None)

    def current(self) -> "MandateQuerySet":
        """Return the mandates that nobody ended and whose time has not run out, accepted or not."""
        in_time = Q(valid_to__isnull=True) | Q(valid_to__gt=Now())
        return self.filter(in_time, revoked_at=None)

    def allowing(self, user: User, act: str) -> "MandateQuerySet":
        """Return the mandates under which the user may do an act: by the mandate and by the own role."""
        agents = Membership.objects.allowing(user, act).values("organisation")
        held = self.filter(agent__in=agents)
        return held if act == Act.VIEW else held.filter(scopes__contains=[act])


def default_scopes() -> list[str]:
    """Return everything that a mandate can allow."""
    return [str(act) for act in MANDATED_ACTS]


class Mandate(models.Model):
    """The power of an agent to act for a seller, within limits; it counts once the agent accepts it."""

    class Standing(models.TextChoices):
        """How it stands; derived from its times."""

        WAITING = "waiting", _("Waiting for the agent")
        UPCOMING = "upcoming", _("Accepted, begins later")
        LIVE = "live", _("In force")
        DECLINED = "declined", _("Declined by the agent")
        WITHDRAWN = "withdrawn", _("Withdrawn before the answer")
        ENDED = "ended", _("Ended")
        EXPIRED = "expired", _("Expired")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_held")
    scopes = ArrayField(models.CharField(max_length=10), default=default_scopes)
    countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text=_("Countries of import; empty means all"),
    )
    value_limit = models.DecimalField(
        _("limit for one declaration"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    value_currency = models.CharField(max_length=3, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    given_at = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_declined = models.BooleanField(default=False, help_text=_("The agent did not want it"))

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
            models.CheckConstraint(
                condition=Q(scopes__contained_by=default_scopes()) & ~Q(scopes=[]),
                name="mandate_of_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(value_limit__isnull=True, value_currency="")
                | Q(value_limit__gt=0, value_limit__lt=10**12, value_currency__gt=""),
                name="mandate_limit_with_currency",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="mandate_ends_after_it_begins",
                violation_error_message=_("A mandate ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(is_declined=False) | Q(accepted_at__isnull=True, revoked_at__isnull=False),
                name="mandate_declined_was_never_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.agent} for {self.seller}"

    @property
    def is_waiting(self) -> bool:
        """Tell whether the agent has still to accept."""
        return self.accepted_at is None and self.revoked_at is None

    @property
    def is_current(self) -> bool:
        """Tell whether nobody ended it and its time has not run out, accepted or not."""
        return self.revoked_at is None and not self.has_expired_at(timezone.now())

    @property
    def standing(self) -> Standing:
        """Return how it stands now."""
        now, standing = timezone.now(), Mandate.Standing
        if self.is_declined:
            return standing.DECLINED
        if self.has_expired_at(self.revoked_at or now):
            return standing.EXPIRED
        if self.revoked_at is not None:
            return standing.ENDED if self.accepted_at else standing.WITHDRAWN
        if self.accepted_at is None:
            return standing.WAITING
        return standing.UPCOMING if self.valid_from > now else standing.LIVE

    @property
    def last_day(self) -> date | None:
        """Return the last day on which it holds."""
        return (self.valid_to - timedelta(microseconds=1)).date() if self.valid_to else None

    def has_expired_at(self, moment: datetime) -> bool:
        """Tell whether its time had run out then."""
        return self.valid_to is not None and self.valid_to <= moment


def authorities_of(user: User | AnonymousUser) -> frozenset[str]:
    """Return the authorities that the user is an officer of; empty for anybody else."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(
        Organisation.objects.for_actor(user)
        .filter(kind=Organisation.Kind.AUTHORITY)
        .values_list("authority", flat=True)
    )
