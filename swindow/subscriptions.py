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

_TELL_COMPANY = (("notify", "swindow.accounts.handlers.mail_verifications"),)

SUBSCRIPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "declaration.accepted": (
        ("notify", "inspection.handlers.open_reviews"),
        ("tax", "declarations.handlers.charge_deferment_accounts"),
        ("notify", "declarations.handlers.tell_buyers"),
    ),
    "reviews.opened": _EVERY_AGENCY,
    "request.answered": _EVERY_AGENCY,
    "request.asked": (("notify", "declarations.handlers.mail_questions"),),
    "payment.requested": (("tax", "declarations.handlers.request_payments"),),
    "buyer.disputed": (
        ("notify", "inspection.handlers.take_up_objections"),
        ("notify", "declarations.handlers.mail_objections"),
    ),
    "declaration.released": (
        ("documents", "declarations.handlers.issue_clearance_documents"),
        ("notify", "declarations.handlers.learn_precedents"),
    ),
    "declaration.rejected": (("notify", "declarations.handlers.mail_refusals"),),
    "documents.issued": (("notify", "declarations.handlers.mail_releases"),),
    "copy.asked": (("documents", "swindow.privacy.handlers.make_copies"),),
    "erasure.asked": (("notify", "swindow.privacy.handlers.erase_people"),),
    "access.bulk": (("notify", "swindow.privacy.handlers.mail_bulk_alerts"),),
    "verification.submitted": (("registry", "swindow.accounts.handlers.ask_registry"),),
    "verification.asked": _TELL_COMPANY,
    "verification.decided": _TELL_COMPANY,
    "verification.suspended": _TELL_COMPANY,
    "verification.reinstated": _TELL_COMPANY,
    "verification.expiring": _TELL_COMPANY,
    "verification.expired": _TELL_COMPANY,
    "member.invited": (("notify", "swindow.accounts.handlers.mail_invitations"),),
    "member.role_changed": (("notify", "swindow.accounts.handlers.mail_members"),),
    "member.removed": (("notify", "swindow.accounts.handlers.mail_members"),),
    "member.left": (("notify", "swindow.accounts.handlers.mail_members"),),
    "officer.proposed": (("notify", "swindow.accounts.handlers.mail_proposals"),),
    "officer.confirmed": (("notify", "swindow.accounts.handlers.mail_appointments"),),
    "account.factor_removed": (("notify", "swindow.accounts.handlers.mail_removed_factors"),),
    **dict.fromkeys(
        ("mandate.given", "mandate.accepted", "mandate.declined", "mandate.ended"),
        (("notify", "swindow.accounts.handlers.mail_mandates"),),
    ),
    **dict.fromkeys(
        ("help.asked", "help.accepted", "help.declined", "help.withdrawn"),
        (("notify", "swindow.accounts.handlers.mail_help"),),
    ),
}
