"""Pages about personal data: the notice, one's own data, and who has seen them."""

from swindow.privacy.views.looks import looks
from swindow.privacy.views.mine import copy_ask, copy_download, erasure_ask, mine
from swindow.privacy.views.notice import agree, notice

__all__ = ["agree", "copy_ask", "copy_download", "erasure_ask", "looks", "mine", "notice"]
