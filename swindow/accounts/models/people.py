"""People who sign in."""

from datetime import date
from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mandated(Protocol):
    """What an act under a mandate tells of it; the mandate itself lies above the people it names."""

    @property
    def reference(self) -> str:
        """Return the mandate's reference."""

    @property
    def agent_id(self) -> int:
        """Return the key of the agent that holds it."""


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
    access_until = models.DateField(
        _("access until"), null=True, blank=True, help_text=_("The last day; officers have one.")
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    # The mandate under which the person acts in this request; set by who admits an agent.
    acting_under: Mandated | None = None

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def actor(self) -> str:
        """Return the user as audit text, with the mandate of this request's act."""
        return self.actor_under(self.acting_under)

    def actor_under(self, mandate: Mandated | None) -> str:
        """Return the user as audit text, with the mandate of an agent; no personal data enters the chain."""
        return f"user:{self.pk} {mandate.reference}" if mandate else f"user:{self.pk}"

    def has_access_on(self, day: date) -> bool:
        """Tell whether the account is switched on and has not run out."""
        return self.is_active and (self.access_until is None or self.access_until >= day)


class SignInFailure(models.Model):
    """How often a sign-in failed in a row, by what was tried: an account at an address, or an account."""

    key = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of what was tried"))
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
