"""A draft's files as a pack: compiled the same way as what is published, kept for a few drafts only."""

from collections import OrderedDict

from django.utils.translation import gettext as _

from tariffs.drafting.edits import Files
from tariffs.drafting.golden import BROKEN
from tariffs.pack_parsing import PackError, PackTexts
from tariffs.packs import Pack

# compile_pack keeps what it compiles for as long as the process lives; drafts change with every edit.
_MOST_KEPT = 4
_kept: OrderedDict[str, Pack] = OrderedDict()


def compile_draft(files: Files) -> Pack:
    """Return the pack of these files; raises PackError where they are none."""
    texts = PackTexts(files=files)
    pack = _kept.pop(texts.sha256, None) or _compile(texts)
    _kept[texts.sha256] = pack
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return pack


def _compile(texts: PackTexts) -> Pack:
    try:
        return Pack(texts)
    except PackError:
        raise
    except BROKEN as error:
        raise PackError(_("The pack lacks or misnames %(what)s.") % {"what": error}) from error
