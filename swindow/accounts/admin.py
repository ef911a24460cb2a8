"""People, organisations and mandates for administrators; who somebody is changes in the lifecycle."""

from typing import cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from swindow.accounts.lifecycle import limit_access, switch_off, switch_on
from swindow.accounts.models import Mandate, OfficerAppointment, Organisation, User, Verification
from swindow.admin_reading import ReadOnlyAdmin

# Who changes somebody's address or second factor can sign in as that person: nobody does it here.
for _taken_back in (EmailAddress, Authenticator):
    if admin.site.is_registered(_taken_back):
        admin.site.unregister(_taken_back)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People; a password is never shown and is set by its owner alone."""

    list_display = ("email", "name", "is_staff", "is_active", "access_until", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email__startswith",)
    search_help_text = "Beginning of the e-mail address"
    ordering = ("email",)
    fields = (
        "email",
        "name",
        "preferred_language",
        "is_active",
        "access_until",
        "is_staff",
        "is_superuser",
        "groups",
        "last_login",
        "date_joined",
    )
    filter_horizontal = ("groups",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Two administrators appoint staff (`/officers/`); nobody switches off the own account."""
        fixed = ("email", "is_staff", "is_superuser", "last_login", "date_joined")
        if not _is_superuser(request):
            return (*fixed, "is_active", "access_until", "groups")
        return (*fixed, "is_active", "access_until") if obj == request.user else fixed

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Let the lifecycle open, close and limit the account, so that sessions and tokens end with it."""
        by, at = cast(User, request.user), timezone.now()
        before = User.objects.get(pk=obj.pk)
        if obj.access_until != before.access_until:
            limit_access(obj, until=obj.access_until, by=by, at=at)
        if obj.is_active != before.is_active:
            switch = switch_on if obj.is_active else switch_off
            switch(obj, by=by, at=at)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: people sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: the audit trail names people; switch the account off instead."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations; a company's data are its own statement, so only an authority's can be changed."""

    list_display = ("reference", "name", "kind", "authority", "country", "verified_at")
    list_filter = ("kind",)
    search_fields = ("reference__startswith", "registration_number__startswith", "name__istartswith")
    search_help_text = "Beginning of the reference, registration number or name"
    ordering = ("-id",)
    readonly_fields = ("reference", "kind", "authority", "deferment_account", "verified_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Freeze a company's statement."""
        stated = ("name", "registration_number", "country", "address", "contact_name", "contact_phone")
        fixed = tuple(self.readonly_fields)
        return fixed if _is_authority(obj) else (*fixed, *stated)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: companies register themselves, authorities come with the reference data."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: declarations name them."""
        return False


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    """Who was verified by whom."""

    list_display = ("reference", "organisation", "status", "submitted_at", "decided_by", "decided_at")
    list_filter = ("status",)
    list_select_related = ("organisation", "decided_by")
    ordering = ("-id",)


@admin.register(OfficerAppointment)
class OfficerAppointmentAdmin(ReadOnlyAdmin):
    """Who became an officer or an administrator by whose word."""

    list_display = ("reference", "person", "authority", "access_until", "proposed_by", "confirmed_by")
    list_select_related = ("person", "authority", "proposed_by", "confirmed_by")
    ordering = ("-id",)


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    """Who may act for whom; sellers give and revoke."""

    list_display = ("seller", "agent", "valid_from", "valid_to", "revoked_at")
    list_select_related = ("seller", "agent")
    ordering = ("-id",)


def _is_authority(obj: Model | None) -> bool:
    return isinstance(obj, Organisation) and obj.kind == Organisation.Kind.AUTHORITY


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser
