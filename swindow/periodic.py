"""What runs again and again: the one table from how often, in seconds, to what.

Each function takes no argument, does a bounded piece of work and may run twice. The scheduler runs all
of them when it starts; `manage.py check` resolves every path.
"""

HOUR = 3600.0

PERIODIC: tuple[tuple[float, str], ...] = (
    (HOUR, "swindow.accounts.periodic.lock_unused_officers"),
    (HOUR, "swindow.accounts.periodic.end_verifications"),
    (HOUR, "swindow.accounts.signing_in.sessions.tidy_sign_ins"),
    (HOUR, "swindow.privacy.retention.retain_daily"),
)
