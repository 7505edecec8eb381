"""All settings of the program, in one file. `.env.example` lists every variable that is read here.

Two ways to run. *Demonstration*: no DATABASE_URL, or DEMO=1; secrets are made in `var/secrets`, the database
server is the embedded one unless DATABASE_URL names another. *Production*: DATABASE_URL without DEMO=1; every
secret comes from the environment, and nothing starts without it.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from bansong_fund import environment as env
from bansong_fund.database_roles import APP, OWNER
from bansong_fund.embedded_postgres import EmbeddedServer, ServerRefused
from bansong_fund.kept_secrets import fernet_key, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent

# ---- demonstration or production ----------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL")
EMBEDDED_DATABASE = not DATABASE_URL
PRODUCTION = bool(DATABASE_URL) and not env.flag("DEMO", default=False)
DEMO = not PRODUCTION and env.flag("DEMO", default=True)  # DEMO=no without DATABASE_URL: an empty fund, tried out
VAR = Path(env.text("FUND_VAR", str(BASE_DIR / "var" if DEMO else BASE_DIR / "var" / "own-fund"))).resolve()
SECRETS = VAR / "secrets"  # an empty fund has a folder of its own: it never meets the demonstration's data
DEBUG = not PRODUCTION and env.flag("DEBUG", default=False)

if PRODUCTION:
    SECRET_KEY = env.needed("SECRET_KEY", "a long random text, kept secret")
    FUND_ENCRYPTION_KEYS = env.words("FUND_ENCRYPTION_KEYS")
    if not FUND_ENCRYPTION_KEYS:
        raise ImproperlyConfigured("FUND_ENCRYPTION_KEYS is not set: keys for the national IDs. See .env.example.")
    FUND_HMAC_KEY = env.needed("FUND_HMAC_KEY", "the key that national IDs are searched by")
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is not set: the host names of this fund's site. See .env.example.")
else:
    try:
        SECRET_KEY = kept_secret(SECRETS, "secret-key")
        FUND_ENCRYPTION_KEYS = [kept_secret(SECRETS, "encryption-key", fernet_key)]
        FUND_HMAC_KEY = kept_secret(SECRETS, "hmac-key")
    except OSError as error:
        raise ImproperlyConfigured(
            f"เขียนลงโฟลเดอร์ {VAR} ไม่ได้ ({error.strerror}) ให้สิทธิ์เขียนโฟลเดอร์นี้ หรือตั้ง FUND_VAR เป็นโฟลเดอร์อื่น\n"
            f"The folder {VAR} cannot be written ({error.strerror}). Make it writable, or name another in FUND_VAR."
        ) from error
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.text("SITE_URL").rstrip("/")  # in the codes on papers; the address that the page was asked at when empty

# ---- the database: fund_app serves, fund_owner migrates -----------------------------------------

DATABASE_ROLE = OWNER if env.text("FUND_DATABASE_ROLE") == "owner" else APP


def _database() -> dict[str, object]:
    if EMBEDDED_DATABASE:
        try:
            login = EmbeddedServer(VAR).login(DATABASE_ROLE)
        except ServerRefused as refusal:
            raise ImproperlyConfigured(str(refusal)) from refusal
        found: dict[str, object] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": login.database,
            "USER": login.user,
            "PASSWORD": login.password,
            "HOST": login.host,
        }
    elif DATABASE_ROLE == OWNER:
        found = env.database(env.needed("DATABASE_OWNER_URL", "how fund_owner signs in"), "DATABASE_OWNER_URL")
    else:
        found = env.database(DATABASE_URL, "DATABASE_URL")
    return found | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fund_cache",
        # with Django's 300, a day of many visitors would push out what reports remember of closed years
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- the program --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "office",
    "members",
    "ledger",
    "contributions",
    "welfare",
    "reports",
    "bansong_fund.demo",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "pgtrigger",
    "pghistory",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "office.sessions.FaultTellingSessionMiddleware",
    "office.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "office.middleware.PhoneMiddleware",
    "office.middleware.InterruptedFormMiddleware",
    "office.middleware.PermissionMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "members.clock.FundMiddleware",
]

ROOT_URLCONF = "bansong_fund.urls"
WSGI_APPLICATION = "bansong_fund.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["bansong_fund.lib.template_tags", "office.template_tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"paper_tags": "bansong_fund.lib.paper_tags"},
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ---- language, day and numbers ------------------------------------------------------------------

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
USE_THOUSAND_SEPARATOR = False  # it would print the year 2568 as 2,568; money has its own filter

# ---- signing in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "office.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "office.views.interrupted.not_sent"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "office.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "office.adapter.SealedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Bansong fund"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# ---- secure by default --------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; on an enrolled phone the PIN opens the next one
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else the rate limits count all visitors as one

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# ---- files --------------------------------------------------------------------------------------

FILES_ROOT = Path(env.text("FILES_ROOT", str(VAR / "files")))  # papers handed in: never served by a URL of their own
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES + 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
PAPER_PROCESSES = max(env.number("PAPER_PROCESSES", min(2, os.cpu_count() or 1)), 1)  # that lay out pages at once

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
WEB_FONTS_ROOT = VAR / "web-fonts"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "bansong_fund.static_finders.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# ---- what is written down -----------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "WARNING"} for name in ("weasyprint", "fontTools", "pikepdf")},
}
