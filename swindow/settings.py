"""Settings, read from the environment; every default is safe or says that it is for a demo only.

Two database roles: the application connects as `swindow_app`, which owns nothing and has no DDL.
`SWINDOW_AS_OWNER=1` (set only for migrations) connects as the owner instead.
"""

from datetime import timedelta
from pathlib import Path

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from swindow.logs import hide_codes

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("SWINDOW_DEMO", default=False)
DEBUG = env.bool("SWINDOW_DEBUG", default=False)
VAR_DIR = Path(env.str("SWINDOW_VAR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SWINDOW_SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("SWINDOW_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("SWINDOW_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_COOKIES = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "swindow.admin_app.ReferenceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "swindow.staticfiles.PortalStaticFilesConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
    "swindow",
    "swindow.events",
    "swindow.documents",
    "swindow.vault",
    "swindow.accounts",
    "swindow.privacy",
    "tariffs",
    "logistics",
    "declarations",
    "inspection",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "swindow.middleware.DatabaseUnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "swindow.acting.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "swindow.accounts.signing_in.middleware.SessionLifeMiddleware",
    "swindow.accounts.signing_in.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "swindow.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "swindow.urls"
WSGI_APPLICATION = "swindow.wsgi.application"
FORM_RENDERER = "swindow.forms.SwindowFormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["swindow.templatetags.nonces"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "swindow.template_loading.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "swindow.context_processors.portal",
            ],
        },
    },
]

# --- Database: PostgreSQL 15 to 18 through psycopg2 -------------------------------------------
AS_OWNER = env.bool("SWINDOW_AS_OWNER", default=False)
# Whose rows a connection sees before anybody says so (swindow.acting); the web server's sees none.
DATABASE_ACTOR = env.str("SWINDOW_DATABASE_ACTOR", default="")
# A role without a password that passes row-level security; workers and commands take it on when they connect.
DATABASE_PORTAL_ROLE = env.str("SWINDOW_PORTAL_ROLE", default="")
_IS_PORTAL = DATABASE_ACTOR == "portal" and DATABASE_PORTAL_ROLE and not AS_OWNER
_ROLE = f" -c role={DATABASE_PORTAL_ROLE}" if _IS_PORTAL else ""
_DATABASE_VARIABLE = "DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"
_DATABASE = env.db_url(_DATABASE_VARIABLE, default="postgres:///swindow")
DATABASES = {
    "default": _DATABASE
    | {
        "CONN_MAX_AGE": env.int("SWINDOW_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_DATABASE.get("OPTIONS", {}), "options": f"-c swindow.actor={DATABASE_ACTOR}{_ROLE}"},
    }
}
DATABASE_APP_ROLE = env.str("SWINDOW_APP_ROLE", default="swindow_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker: a doorbell; the delivery rows are the truth (docs/decisions) ----------------------
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 180
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    # Without these two a lost worker's task comes back after 93 s instead of 11 s.
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
}
BROKER_TIMEOUT = 2
QUEUES = ("customs", "tax", "quarantine", "port", "documents", "notify", "registry")
DELIVERY_LEASE = timedelta(seconds=env.int("SWINDOW_LEASE_SECONDS", default=45))
DELIVERY_BATCH = env.int("SWINDOW_DELIVERY_BATCH", default=500)
DELIVERY_MAX_ATTEMPTS = 8
SWEEP_SECONDS = env.float("SWINDOW_SWEEP_SECONDS", default=1.0)

# --- Simulated agencies and payment service -----------------------------------------------------
AGENCY_SEED = env.str("SWINDOW_AGENCY_SEED", default="swindow")
# Multiplies the agencies' realistic thinking time; 0 makes them instant.
AGENCY_PACE = env.float("SWINDOW_AGENCY_PACE", default=1.0)
PAYMENT_CALLBACK_SECRET = env.str("SWINDOW_PAYMENT_SECRET", default="")
PAYMENT_CALLBACK_URL = env.str("SWINDOW_PAYMENT_CALLBACK_URL", default=f"{BASE_URL}/api/v1/payments/notices")

# --- Classification -----------------------------------------------------------------------------------
# Suggestions by meaning beside words; needs `make install-model` and `manage.py make_vectors`.
CLASSIFY_MODEL = env.bool("SWINDOW_CLASSIFY_MODEL", default=False)

# --- Files -----------------------------------------------------------------------------------------
# SWINDOW_S3_BUCKET switches from the local folder to S3-compatible storage through django-storages.
S3_BUCKET = env.str("SWINDOW_S3_BUCKET", default="")
MEDIA_ROOT = VAR_DIR / "media"
if S3_BUCKET:
    # A quarter of a second to import, so only where it is used.
    from botocore.config import Config as S3Config

    _FILES = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("SWINDOW_S3_ENDPOINT", default=None),
            "region_name": env.str("SWINDOW_S3_REGION", default=None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_expire": 60,
            # A store that hangs must not hold a worker: connect 3 s, read 10 s, two tries.
            "client_config": S3Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2}),
        },
    }
else:
    _FILES = {
        "BACKEND": "swindow.documents.storage.DurableFileStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT)},
    }
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Pages name files by their hash, so the others need neither be packed nor kept.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are read by developers alone; they are served as they are.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map"),
)
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Folder of the signing key and certificate of the issued papers; made on first start in a demo.
SIGNING_DIR = Path(env.str("SWINDOW_SIGNING_DIR", default=str(VAR_DIR / "signing")))
SIGNING_PASSPHRASE = env.str("SWINDOW_SIGNING_PASSPHRASE", default="")
# RFC 3161 time-stamp service; without one the papers bear the signer's own time (PAdES B-B).
TSA_URL = env.str("SWINDOW_TSA_URL", default="")
# unix:///run/clamav/clamd.ctl or tcp://host:3310; without one no page may say that files are virus-checked.
CLAMD_URL = env.str("SWINDOW_CLAMD", default="")
BEHIND_PROXY = env.bool("SWINDOW_BEHIND_PROXY", default=False)
# Keys of the vault: "2:BASE64,1:BASE64", newest first; a demo makes its own in VAR_DIR/keys.
MASTER_KEYS = env.str("SWINDOW_MASTER_KEYS", default="")
INDEX_KEYS = env.str("SWINDOW_INDEX_KEYS", default="")

# --- People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["swindow.accounts.signing_in.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "swindow.accounts.signing_in.adapter.AccountAdapter"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "swindow.privacy.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Only where an address must be confirmed can sign-up answer the same for a known one; a demo sends no mail.
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "SWINDOW_EMAIL_VERIFICATION", default="optional" if DEMO else "mandatory"
)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# swindow.accounts.signing_in.throttle counts in PostgreSQL; these, counted by each process alone, are a wide second ring.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "swindow.accounts.signing_in.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
# Browsers allow security keys on http://localhost alone, and so does this.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO and not SECURE_COOKIES
# Where no mail arrives, nobody could confirm an address before setting up a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = DEMO
MFA_FORMS = {
    "authenticate": "swindow.accounts.signing_in.forms.CodeForm",
    "reauthenticate": "swindow.accounts.signing_in.forms.CodeAgainForm",
    "reauthenticate_webauthn": "swindow.accounts.signing_in.forms.KeyAgainForm",
    "activate_totp": "swindow.accounts.signing_in.forms.SetUpAppForm",
    "add_webauthn": "swindow.accounts.signing_in.forms.AddKeyForm",
    "edit_webauthn": "swindow.accounts.signing_in.forms.RenameKeyForm",
}
# The list shows when a session was last seen; swindow.accounts.signing_in.sessions notes it once a minute.
USERSESSIONS_TRACK_ACTIVITY = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False

# --- Web safety ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# TLS ends at the proxy, which redirects; subdomains and preloading bind the operator's whole domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("SWINDOW_BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_AGE = 12 * 3600
# Sessions live in PostgreSQL: when the broker is down nobody is logged out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "swindow.views.csrf_failure"

# --- API ---------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["swindow.accounts.api_auth.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["swindow.api.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "swindow.api.explain_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "swindow API",
    "DESCRIPTION": "Import declarations at a single window, for platforms, carriers and agencies.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Languages, time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "swindow" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

# --- Mail, logs ------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR}/mail")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("SWINDOW_MAIL_FROM", default="Single Window <no-reply@swindow.example>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                hide_codes,
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("SWINDOW_LOG_LEVEL", default="INFO")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        hide_codes,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
