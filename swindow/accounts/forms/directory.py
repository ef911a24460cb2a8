"""How an agent shows itself, how a seller finds one, and what the two write to each other."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from swindow.accounts.destinations import destination_choices
from swindow.accounts.lifecycle import Service
from swindow.accounts.models import AgentProfile
from swindow.accounts.sections import section_choices
from swindow.form_fields import PlainText
from swindow.problems import Problem


class _AnsweredForm(forms.Form):
    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show the law's refusals beside their fields, or above the form."""
        for problem in problems:
            field = problem.path if problem.path in self.fields else None
            self.add_error(field, forms.ValidationError(problem.sentence, code=problem.code))


class SearchForm(forms.Form):
    """Which agents somebody looks for; an address typed wrongly simply finds less."""

    country = forms.ChoiceField(label=_("Country of import"), required=False)
    goods = forms.ChoiceField(label=_("Goods"), required=False)
    q = PlainText(label=_("Name, language or word"), required=False, max_length=80)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = [("", _("All countries")), *destination_choices()]  # type: ignore[attr-defined]
        self.fields["goods"].choices = [("", _("All goods")), *section_choices()]  # type: ignore[attr-defined]


class ProfileForm(forms.Form):
    """What the directory shows of an agent."""

    is_listed = forms.BooleanField(
        label=_("Show us in the directory"),
        required=False,
        help_text=_("You appear there as long as your company is verified."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries of import that you serve"),
        choices=destination_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goods = forms.MultipleChoiceField(
        label=_("Goods that you know"),
        choices=section_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none for all goods."),
    )
    languages = PlainText(
        label=_("Languages"),
        required=False,
        max_length=120,
        help_text=_("As their speakers write them, for example English, Nederlands, 中文."),
    )
    about = PlainText(
        label=_("About your service"),
        required=False,
        max_length=1000,
        is_long=True,
        help_text=_("What you do for sellers, and how fast. Up to 1,000 characters; everybody can read it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask of a listed agent what a seller would look for."""
        data = super().clean() or {}
        if data.get("is_listed"):
            self._ask(data, "countries", _("Tick at least one country, so that sellers find you."))
            self._ask(data, "about", _("Tell sellers in a few words what you do."))
        return data

    def service(self) -> Service:
        """Return what was told."""
        data = self.cleaned_data
        return Service(
            countries=tuple(sorted(data["countries"])),
            goods=tuple(sorted(int(number) for number in data["goods"])),
            languages=data["languages"],
            about=data["about"],
            is_listed=data["is_listed"],
        )

    @classmethod
    def showing(cls, profile: AgentProfile | None) -> "ProfileForm":
        """Return the form with what is stored."""
        if profile is None:
            return cls()
        names = ("is_listed", "countries", "languages", "about")
        goods = [str(number) for number in profile.goods]
        return cls(initial={**{name: getattr(profile, name) for name in names}, "goods": goods})

    def _ask(self, data: dict[str, Any], field: str, message: Any) -> None:
        if not data.get(field) and field not in self.errors:
            self.add_error(field, forms.ValidationError(message, code="AC-84"))


class HelpForm(_AnsweredForm):
    """What a seller asks an agent."""

    agent = forms.CharField(max_length=20, widget=forms.HiddenInput)
    countries = forms.MultipleChoiceField(
        label=_("Countries of import"),
        choices=destination_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where your goods go. Tick none if you do not know yet."),
    )
    text = PlainText(
        label=_("What you need"),
        max_length=1000,
        is_long=True,
        help_text=_("Your goods, how many parcels a month, and what the agent should do."),
        error_messages={"required": _("Tell the agent in a few words what you need.")},
    )


class ReplyForm(_AnsweredForm):
    """An agent's answer to a seller."""

    verdict = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("accept", _("We would act: the seller may give us a mandate")),
            ("decline", _("We cannot help")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you would act.")},
    )
    reply = PlainText(
        label=_("Your reply"),
        required=False,
        max_length=1000,
        is_long=True,
        help_text=_("Needed to decline. The seller reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the agent declines."""
        data = super().clean() or {}
        if data.get("verdict") == "decline" and not data.get("reply") and "reply" not in self.errors:
            message = _("Say why, so that the seller knows what to do.")
            self.add_error("reply", forms.ValidationError(message, code="AC-85"))
        return data
