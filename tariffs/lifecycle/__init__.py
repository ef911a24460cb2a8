"""How law comes into force here: from folders at start-up, and from drafts by two officers."""

from tariffs.lifecycle.drafts import (
    SUBJECT,
    edit_draft,
    may_draft,
    propose,
    publish,
    published_files,
    send_back,
    start_draft,
    withdraw,
)
from tariffs.lifecycle.folders import PublishedPack, load_packs

__all__ = [
    "SUBJECT",
    "PublishedPack",
    "edit_draft",
    "load_packs",
    "may_draft",
    "propose",
    "publish",
    "published_files",
    "send_back",
    "start_draft",
    "withdraw",
]
