"""A section of a draft: what can be stored is stored, what cannot is kept as it was typed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict

from declarations.forms.fields import text_of
from declarations.models import Declaration
from declarations.sections import place_of
from swindow.problems import Problem

_MOST_KEPT = 5_000


class KeptForm(forms.Form):
    """A form whose bad fields can be kept as typed and shown again with their errors."""

    use_required_attribute = False

    def unstored(self) -> dict[str, list[str]]:
        """Return the fields that have errors, as typed; NUL cannot be stored by PostgreSQL."""
        bad = [name for name in self.errors if name in self.fields]
        return {name: self._typed(name) for name in bad}

    def typed(self) -> dict[str, list[str]]:
        """Return every field as typed."""
        return {name: self._typed(name) for name in self.fields if self._typed(name) != [""]}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Show the problems of the law beside their fields; the rest stand above the form."""
        for problem in problems:
            field = place_of(problem).field
            error = ValidationError(problem.sentence, code=problem.code)
            if field not in self.fields:
                self.add_error(None, error)
            elif field not in self.errors:
                self.add_error(field, error)

    def replace_value(self, name: str, value: str) -> None:
        """Show another value than the one typed, for a hidden field."""
        data = dict(self.data.items())
        self.data = {**data, self.add_prefix(name): value}

    def _typed(self, name: str) -> list[str]:
        key = self.add_prefix(name)
        values = self.data.getlist(key) if isinstance(self.data, QueryDict) else [self.data.get(key, "")]
        return [str(value).replace("\0", "")[:_MOST_KEPT] for value in values]


class SectionForm(KeptForm):
    """A form over the fields of the same names of a draft or its consignment; nothing must be filled in."""

    section: ClassVar[str]

    @staticmethod
    def part(draft: Declaration) -> models.Model:
        """Return the row that the fields belong to."""
        return draft

    @classmethod
    def of(cls, draft: Declaration, *, typed: Mapping[str, list[str]], **options: Any) -> Self:
        """Return the form as it stands: stored values, and over them what could not be stored."""
        part = cls.part(draft)
        stored = {name: text_of(getattr(part, name)) for name in cls.base_fields}
        kept = {name: values[-1] if values else "" for name, values in typed.items() if name in stored}
        return cls({**stored, **kept}, **options)

    @classmethod
    def is_begun(cls, draft: Declaration) -> bool:
        """Tell whether anything in the section differs from a new draft."""
        part, fresh = cls.part(draft), cls.part(draft).__class__()
        return any(getattr(part, name) != getattr(fresh, name) for name in cls.base_fields)

    def write(self, draft: Declaration) -> None:
        """Store the fields without errors."""
        part = self.part(draft)
        good = self._written()
        for name in good:
            setattr(part, name, self._value(part, name))
        if good:
            part.save(update_fields=self._changed(good))

    def seal(self, draft: Declaration, *, at: datetime) -> None:
        """Keep in the vault what must not stand in a column; most sections have nothing of the kind."""

    def _written(self) -> list[str]:
        return [name for name in self.fields if name in self.cleaned_data]

    def _changed(self, good: list[str]) -> list[str]:
        return good

    def _value(self, part: models.Model, name: str) -> Any:
        value = self.cleaned_data[name]
        column: Any = part._meta.get_field(name)
        return column.get_default() if value is None and not column.null else value

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        # A draft may have gaps; lodging names them.
        for name, errors in list(self.errors.items()):
            if [error.code for error in errors.as_data()] == ["required"]:
                del self.errors[name]
                self.cleaned_data[name] = self.fields[name].to_python("")
