"""The officers' work queue, the review page and what is done on it; drafts of the law."""

from inspection.views.acts import decide, give_back, show_number, take, take_over
from inspection.views.pack_acts import pack_propose, pack_publish, pack_send_back, pack_withdraw
from inspection.views.pack_rows import (
    pack_file,
    pack_parameter,
    pack_parameter_add,
    pack_parameters,
    pack_rate,
    pack_rate_add,
    pack_rates,
)
from inspection.views.packs import pack_draft, packs
from inspection.views.queue import queue
from inspection.views.review import paper, review

__all__ = [
    "decide",
    "give_back",
    "pack_draft",
    "pack_file",
    "pack_parameter",
    "pack_parameter_add",
    "pack_parameters",
    "pack_propose",
    "pack_publish",
    "pack_rate",
    "pack_rate_add",
    "pack_rates",
    "pack_send_back",
    "pack_withdraw",
    "packs",
    "paper",
    "queue",
    "review",
    "show_number",
    "take",
    "take_over",
]
