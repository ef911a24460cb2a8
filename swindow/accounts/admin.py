"""People, organisations and mandates for administrators; who somebody is changes in the lifecycle."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from swindow.accounts.models import Mandate, Membership, Organisation, User, Verification
from swindow.admin_reading import ReadOnlyAdmin

# Who changes somebody's address or second factor can sign in as that person: nobody does it here.
for _taken_back in (EmailAddress, Authenticator):
    if admin.site.is_registered(_taken_back):
        admin.site.unregister(_taken_back)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People; a password is never shown and is set by its owner alone."""

    list_display = ("email", "name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email__startswith",)
    search_help_text = "Beginning of the e-mail address"
    ordering = ("email",)
    fields = (
        "email",
        "name",
        "preferred_language",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "last_login",
        "date_joined",
    )
    filter_horizontal = ("groups",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Only a superuser gives rights."""
        fixed = ("email", "last_login", "date_joined")
        return fixed if _is_superuser(request) else (*fixed, "is_staff", "is_superuser", "groups")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: people sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: the audit trail names people; switch the account off instead."""
        return False


class MembershipInline(admin.TabularInline):
    """The people of an organisation; only an authority's officers are named here."""

    model = Membership
    extra = 0
    raw_id_fields = ("user",)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow it for an authority: companies invite their own people."""
        return _is_authority(obj) and _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: a role ends and another begins."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow it for an authority: an officer who leaves loses access at once."""
        return _is_authority(obj) and _is_superuser(request)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Organisations; a company's data are its own statement, so only an authority's can be changed."""

    list_display = ("reference", "name", "kind", "authority", "country", "verified_at")
    list_filter = ("kind",)
    search_fields = ("reference__startswith", "registration_number__startswith", "name__istartswith")
    search_help_text = "Beginning of the reference, registration number or name"
    ordering = ("-id",)
    inlines = (MembershipInline,)
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
