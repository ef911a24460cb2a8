"""Who is invited into a company, and what its members may do."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import COMPANY_ROLES, Organisation, Role, User

# One sentence a role, for the form and for the letter that invites.
ROLE_WORDS: Mapping[str, str | Promise] = {
    Role.OWNER: _("Owner: does everything, and decides on members, agents, money and company data."),
    Role.DECLARANT: _("Declarant: prepares, lodges and pays declarations, and answers questions."),
    Role.PREPARER: _("Preparer: prepares declarations and answers questions, but does not lodge or pay."),
    Role.FINANCE: _("Finance: pays charges and downloads papers, but changes no declaration."),
    Role.VIEWER: _("Viewer: sees declarations and downloads papers, and changes nothing."),
}


class InvitationForm(forms.Form):
    """The colleague who is invited, and the place that is offered."""

    email = forms.EmailField(
        label=_("Your colleague's e-mail address"),
        max_length=254,
        help_text=_("The invitation works only for an account with this address."),
        error_messages={"required": _("Give the address that the invitation goes to.")},
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, ROLE_WORDS[role]) for role in COMPANY_ROLES],
        initial=Role.DECLARANT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person may do.")},
    )

    def clean_email(self) -> str:
        """Return the address as accounts keep it."""
        return str(self.cleaned_data["email"]).lower()


class MemberForm(forms.Form):
    """One member of the company, by address."""

    member = forms.EmailField(max_length=254)

    def __init__(self, *args: Any, company: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page has a form a member, so no field can be pointed at by its id.
        self.auto_id = False
        self._company = company

    def clean_member(self) -> User:
        """Return the member with this address."""
        address = str(self.cleaned_data["member"]).lower()
        places = self._company.memberships.select_related("user")
        place = places.filter(user__email=address).first()
        if place is None:
            raise forms.ValidationError(
                _("This person does not belong to the company any more."),
                code="AC-66",
            )
        member: User = place.user
        return member


class RoleForm(MemberForm):
    """Another role for a member."""

    role = forms.ChoiceField(choices=[(role.value, role.label) for role in COMPANY_ROLES])
