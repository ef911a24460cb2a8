"""What quarantine and its like ask for these goods, line by line."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from declarations.labels import authority_name
from declarations.models import SupportingDocument
from declarations.views.judging import Judgement
from declarations.views.tasks import section_url
from tariffs.results import RequiredDocument


@dataclass(frozen=True, slots=True)
class Need:
    """A paper that a line needs, with the rule that asks for it and where to attach it."""

    line_no: int
    goods: str
    papers: str
    authority: str
    sentence: str
    rule: str
    is_present: bool
    upload_url: str


def requirements(judgement: Judgement) -> list[Need]:
    """Return the needed papers in the order of the lines."""
    return [_need(judgement, paper) for paper in judgement.required]


def _need(judgement: Judgement, paper: RequiredDocument) -> Need:
    statement = judgement.statement
    goods = next(item.description for item in statement.goods_items if item.line_no == paper.line_no)
    names = [str(SupportingDocument.Kind(kind).label) for kind in paper.document_types if _is_known(kind)]
    query = urlencode({"kind": paper.document_types[0], "line": paper.line_no})
    return Need(
        line_no=paper.line_no,
        goods=goods,
        papers=_(" or ").join(names),
        authority=authority_name(paper.agency),
        sentence=paper.sentence,
        rule=paper.rule,
        is_present=paper.is_present,
        upload_url=f"{section_url('documents', statement.declaration.reference)}?{query}#add",
    )


def _is_known(kind: str) -> bool:
    return kind in SupportingDocument.Kind.values
