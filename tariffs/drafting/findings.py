"""Everything that is found in a draft, worked out once for each state of its text."""

from collections import OrderedDict
from dataclasses import dataclass

from django.utils.translation import get_language

from tariffs.drafting.checking import FileProblem, problems_of
from tariffs.drafting.compiling import compile_draft
from tariffs.drafting.differences import Difference, differences_of
from tariffs.drafting.edits import GOLDEN, Files
from tariffs.drafting.golden import GoldenReport, read_cases, run_cases
from tariffs.drafting.touching import Touch, touches_of
from tariffs.pack_parsing import PackTexts

# A page asks for the same state again and again while its tabs are read.
_MOST_KEPT = 8
_kept: OrderedDict[tuple[str, str, str], "Findings"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Findings:
    """What differs, what is wrong, which golden cases fail (None: not run), which goods are touched."""

    differences: tuple[Difference, ...]
    problems: tuple[FileProblem, ...]
    golden: GoldenReport | None
    touches: tuple[Touch, ...]

    @property
    def trouble_count(self) -> int:
        """Return how many things keep the draft from being law."""
        return len(self.problems) + (len(self.golden.failed) if self.golden else 0)


def findings_of(files: Files, *, base: Files, jurisdiction: str) -> Findings:
    """Return what is found in a draft; its problems are sentences in the reader's language."""
    texts = (PackTexts(files=base).sha256, PackTexts(files=files).sha256)
    key = (*texts, get_language() or "")
    found = _kept.pop(key, None) or _find(files, base, jurisdiction)
    _kept[key] = found
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return found


def _find(files: Files, base: Files, jurisdiction: str) -> Findings:
    differences = differences_of(base, files)
    problems = problems_of(files, jurisdiction=jurisdiction)
    golden = None if problems else run_cases(read_cases(files[GOLDEN]), pack=compile_draft(files))
    return Findings(differences, problems, golden, touches_of(differences, files=files))
