"""Rows of what is open to everybody, of signing in, and of one's own data."""

from tests.access.rows.row import (
    ACTORS,
    EVERYBODY,
    OFFICERS,
    STRANGERS,
    Row,
    open_to_all,
    post,
    signed_in,
)

PLATFORM = (
    Row("home", may=ACTORS, except_for=dict.fromkeys(EVERYBODY, 302)),
    open_to_all("healthz"),
    open_to_all("readyz"),
    open_to_all("styleguide"),
    open_to_all("styleguide_officer"),
    open_to_all("documents:verify"),
    open_to_all("documents:verify_code", arguments={"code": "code"}),
    # The code of the mail is all that it asks for.
    open_to_all("declarations:buyer", arguments={"code": "buyers_code"}),
    Row("set_language", method="post", data={"language": "en"}, may=ACTORS, gets=302),
)

SIGN_IN = (
    Row("account_login", may=STRANGERS, others=302),
    Row("account_signup", may=STRANGERS, others=302),
    Row("account_logout", may=EVERYBODY),
    open_to_all("account_inactive"),
    Row("account_reset_password", may=ACTORS),
    Row("account_reset_password_done", may=ACTORS),
    Row("account_reset_password_from_key", {"uidb36": "uid", "key": "key"}, may=ACTORS),
    Row("account_reset_password_from_key_done", may=ACTORS),
    Row("account_confirm_login_code", may=ACTORS, gets=302),
    Row("account_confirm_email", {"key": "anything"}, may=ACTORS),
    Row("account_email_verification_sent", may=ACTORS),
    # Whoever has a second step confirms with it; a password alone does not do.
    signed_in("account_reauthenticate", gets=302),
    signed_in("account_email"),
    signed_in("account_change_password"),
    signed_in("account_set_password", gets=302),
    signed_in("mfa_index"),
    signed_in("mfa_list_webauthn"),
    signed_in("mfa_add_webauthn"),
    Row("mfa_edit_webauthn", {"pk": "key_of_nobody"}, others=404),
    Row("mfa_remove_webauthn", {"pk": "key_of_nobody"}, others=404),
    signed_in("mfa_reauthenticate_webauthn", gets=302),
    signed_in("usersessions_list"),
    post("accounts:session_end", arguments={"session": "session"}, may=("seller",), gets=302),
    post("accounts:second_step_later", may=EVERYBODY, gets=302),
    Row("mfa_authenticate", may=ACTORS, gets=302),
    signed_in("mfa_reauthenticate"),
    # Everybody here has an app already, and used it a moment ago.
    signed_in("mfa_activate_totp", gets=302),
    signed_in("mfa_deactivate_totp"),
    signed_in("mfa_view_recovery_codes", gets=404),
    signed_in("mfa_generate_recovery_codes"),
    signed_in("mfa_download_recovery_codes", gets=404),
)

_CLOSED_BY_THEIR_AUTHORITY = dict.fromkeys((*OFFICERS, "administrator"), 409)
PRIVACY = (
    open_to_all("privacy:notice"),
    post("privacy:agree", may=EVERYBODY, gets=302),
    signed_in("privacy:looks"),
    signed_in("privacy:mine"),
    post("privacy:copy_ask", may=EVERYBODY, gets=302),
    post("privacy:copy_download", arguments={"reference": "copy"}, may=("seller",)),
    post(
        "privacy:erasure_ask",
        data={"is_sure": "on"},
        may=EVERYBODY,
        gets=302,
        except_for={**_CLOSED_BY_THEIR_AUTHORITY, "seller": 409},
    ),
)
