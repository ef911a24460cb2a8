"""What officers send: their decisions on reviews, and the law that they write."""

from inspection.forms.drafts import FileForm, NoteForm, PreviewForm, RateSearchForm, StartDraftForm
from inspection.forms.law_rows import AddParameterForm, AddRateForm, LawChoices, ParameterForm, RateForm
from inspection.forms.reviews import DecisionForm, QueueForm

__all__ = [
    "AddParameterForm",
    "AddRateForm",
    "DecisionForm",
    "FileForm",
    "LawChoices",
    "NoteForm",
    "ParameterForm",
    "PreviewForm",
    "QueueForm",
    "RateForm",
    "RateSearchForm",
    "StartDraftForm",
]
