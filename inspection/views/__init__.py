"""The officers' work queue, the review page and what is done on it."""

from inspection.views.acts import decide, give_back, take, take_over
from inspection.views.queue import queue
from inspection.views.review import paper, review

__all__ = ["decide", "give_back", "paper", "queue", "review", "take", "take_over"]
