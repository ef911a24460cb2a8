"""Who shall become an officer or an administrator, and until when."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import Organisation, Role, User

_ADMINISTRATOR = "administrator"
_LONGEST = timedelta(days=3 * 366)


class OfficerForm(forms.Form):
    """A person with an account, the place that is proposed, and its last day."""

    person = forms.EmailField(
        label=_("E-mail address of the person's account"),
        max_length=254,
        help_text=_("The person signs up first; the account must belong to no company."),
        error_messages={"required": _("Give the address of the account.")},
    )
    place = forms.ChoiceField(
        label=_("Place"),
        help_text=_("An authority, or the administration of this portal."),
        error_messages={"required": _("Choose where the person will work.")},
    )
    access_until = forms.DateField(
        label=_("Access until"),
        help_text=_("The last day, at most three years ahead. After it the account opens nothing."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Give the last day; nobody works here without one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authorities = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY).order_by("name")
        self._authorities = {authority.reference: authority for authority in authorities}
        cast(forms.ChoiceField, self.fields["place"]).choices = [
            *((reference, authority.name) for reference, authority in self._authorities.items()),
            (_ADMINISTRATOR, _("Administrator of the portal")),
        ]

    def clean_person(self) -> User:
        """Return the account with this address."""
        address = str(self.cleaned_data["person"]).lower()
        person = User.objects.filter(email=address, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                _("No open account has this address. Ask the person to sign up with it first.")
            )
        return person

    def clean_place(self) -> Organisation | None:
        """Return the authority; None stands for an administrator."""
        return self._authorities.get(self.cleaned_data["place"])

    def clean_access_until(self) -> date:
        """Return the last day, which lies ahead but not too far."""
        until: date = self.cleaned_data["access_until"]
        today = timezone.now().date()
        if not today < until <= today + _LONGEST:
            raise forms.ValidationError(_("Choose a day after today and at most three years ahead."))
        return until


class OfficerPlaceForm(forms.Form):
    """One officer by address, whose place ends."""

    officer = forms.EmailField(max_length=254)

    def clean_officer(self) -> Any:
        """Return the officer's place."""
        address = str(self.cleaned_data["officer"]).lower()
        place = User.objects.filter(email=address, memberships__role=Role.OFFICER).first()
        if place is None:
            raise forms.ValidationError(_("Nobody with this address works for an authority any more."))
        return place.memberships.get(role=Role.OFFICER)
