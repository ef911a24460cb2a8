"""Who listens to what: the one table from event kind to (queue, handler).

A handler takes the list of its events, may be called twice for the same one, and answers with the
events that it could not finish yet (`Later`) or nothing. `manage.py check` resolves every path.
"""

_EVERY_AGENCY = (
    ("customs", "inspection.handlers.review_for_customs"),
    ("tax", "inspection.handlers.review_for_tax"),
    ("quarantine", "inspection.handlers.review_for_quarantine"),
    ("port", "inspection.handlers.review_for_port"),
)

SUBSCRIPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "declaration.accepted": (
        ("notify", "inspection.handlers.open_reviews"),
        ("tax", "declarations.handlers.charge_deferment_accounts"),
    ),
    "reviews.opened": _EVERY_AGENCY,
    "request.answered": _EVERY_AGENCY,
    "request.asked": (("notify", "declarations.handlers.mail_questions"),),
    "payment.requested": (("tax", "declarations.handlers.request_payments"),),
    "declaration.released": (
        ("documents", "declarations.handlers.issue_clearance_documents"),
        ("notify", "declarations.handlers.learn_precedents"),
    ),
    "declaration.rejected": (("notify", "declarations.handlers.mail_refusals"),),
    "documents.issued": (("notify", "declarations.handlers.mail_releases"),),
    "verification.decided": (("notify", "swindow.accounts.handlers.mail_verifications"),),
    "member.invited": (("notify", "swindow.accounts.handlers.mail_invitations"),),
    "member.role_changed": (("notify", "swindow.accounts.handlers.mail_members"),),
    "member.removed": (("notify", "swindow.accounts.handlers.mail_members"),),
    "member.left": (("notify", "swindow.accounts.handlers.mail_members"),),
    "officer.proposed": (("notify", "swindow.accounts.handlers.mail_proposals"),),
    "officer.confirmed": (("notify", "swindow.accounts.handlers.mail_appointments"),),
}
