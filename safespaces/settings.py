"""Settings, read from the environment (`.env.example` lists every name).

SAFESPACES_MODE is `production` unless said otherwise. `bin/run` without DATABASE_URL sets `demo`
and `bin/test` sets `test`; only those two have defaults for what production must be told.
"""

from email.utils import formataddr
from importlib.util import find_spec
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from common.disclosure import HIDE_UP_TO, ROUND_TO, Thresholds

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
MODE = env("SAFESPACES_MODE", default="production")
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured("SAFESPACES_MODE must be production, demo or test.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
TESTING = MODE == "test"


def required(name, otherwise):
    """The variable NAME; if unset, `otherwise` outside production, an error in production."""
    if env(name, default=""):
        return env(name)
    if PRODUCTION:
        raise ImproperlyConfigured(f"Set {name}: it is needed in production. See .env.example.")
    return otherwise


def _local_name(code):
    """The language's own name for itself."""
    if code not in LANG_INFO or "name_local" not in LANG_INFO[code]:
        raise ImproperlyConfigured(f"LANGUAGES: Django knows no language {code}.")
    return LANG_INFO[code]["name_local"].capitalize()


DEBUG = DEMO and env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "only-for-the-demonstration-and-the-tests-" + "0" * 20)
ALLOWED_HOSTS = required("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS.split(",")]
# Host names of schemes' public pages; each scheme is given its own in the admin.
SCHEME_HOSTS = [host.strip().lower() for host in env.list("SCHEME_HOSTS", default=[])]
ALLOWED_HOSTS += SCHEME_HOSTS
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default=f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
if not PRODUCTION and not env("SITE_URL", default=""):
    SITE_URL = f"http://127.0.0.1:{env('PORT', default='8000')}"

# The name in titles and the bar of public pages, which never show the product's name; without one
# they say what the page does.
_NAME = env("INSTALLATION_NAME", default="Marrowby" if DEMO else "")
INSTALLATION_NAME = _NAME or _("Places near you")
INSTALLATION_RUN_BY = env("INSTALLATION_RUN_BY", default="Marrowby Borough Council" if DEMO else "")
INSTALLATION_LOGO = env("INSTALLATION_LOGO", default="")
INSTALLATION_COLOUR = env("INSTALLATION_COLOUR", default="").lower()

required("DATABASE_URL", None)
DATABASES = {"default": env.db("DATABASE_URL", default="postgis:///safespaces")}
DATABASES["default"].update(
    ENGINE="common.database",
    # A new connection per request would cost twenty times as much as the page.
    CONN_MAX_AGE=0 if TESTING else 600,
    CONN_HEALTH_CHECKS=True,
    # bin/test migrates a database once and names it; each worker uses a copy of it.
    TEST={
        "NAME": env("TEST_DB_NAME", default=None),
        "TEMPLATE": env("TEST_DB_TEMPLATE", default=None),
    },
    # JIT-compiling the "who is listed" query takes seconds; running it takes a fraction of one.
    OPTIONS={"options": "-c jit=off"} | DATABASES["default"].get("OPTIONS", {}),
)

# How many seconds one public page may keep the database busy before it gives up and says so.
PUBLIC_READ_SECONDS = float(env("PUBLIC_READ_SECONDS", default="") or 5)

INSTALLED_APPS = [
    "safespaces.apps.SafespacesConfig",
    "safespaces.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "leaflet",
    "post_office",
    "django_tasks_db",
    "common",
    "common.tasks",
    "accounts",
    "geography",
    "venues",
    "training",
    "signposting",
    "coverage",
    "partnership",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "common.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.languages.LanguageMiddleware",
    "common.errors.DatabaseDownMiddleware",
    "common.page_time.PageTimeMiddleware",
    "common.middleware.RequestGuardMiddleware",
    "signposting.hosts.SchemeHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginUnlessPublicMiddleware",
    "common.kept_answers.KeptAnswersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.devices.KnownDeviceMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
]

if DEBUG and find_spec("debug_toolbar"):  # bin/dev installs it; a server never has it
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(1, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]

ROOT_URLCONF = "safespaces.urls"
WSGI_APPLICATION = "safespaces.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "common.template_loading.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context_processors.site",
                "common.context_processors.csrf_token",
            ],
            # Its {% csrf_token %} also says whose page a form stands on: common/kept_answers.py.
            "builtins": ["common.templatetags.form_page"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "common.jinja.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "safespaces"
CRISPY_TEMPLATE_PACK = "safespaces"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "venues.backends.OfficerBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "finder"

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "safespaces.formats"
# The first is English, which has no URL prefix; names are in the languages themselves.
LANGUAGES = [
    (code, "English" if code == LANGUAGE_CODE else _local_name(code))
    for code in dict.fromkeys([LANGUAGE_CODE, *env.list("LANGUAGES", default=[])])
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "common.storage.MediaStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "common.storage.ManifestStorage"
    },
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # Django's 300 would evict the counts
        # Rate limits are shared by all processes through this table.
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Work that outlives a request: queued in the transaction that causes it, done by run_worker. Tests
# run it at once. docs/decisions/work-outside-requests.md says when this should change.
TASKS = {
    "default": {
        "BACKEND": env("TASKS_BACKEND", default="")
        or (
            "django_tasks.backends.immediate.ImmediateBackend"
            if TESTING
            else "django_tasks_db.DatabaseBackend"
        ),
        "QUEUES": ["letters", "work", "imports"],
    }
}

# Mail: queued in the transaction that causes it, sent by send_letters.
EMAIL_BACKEND = "common.tasks.mail_backend.UrgentBackend"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=formataddr((_NAME, "no-reply@localhost")))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if TESTING:
    MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
elif DEMO:
    MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    required("EMAIL_URL", None)
    EMAIL_TIMEOUT = 10  # seconds; without it, an unresponsive mail server holds up a sender
    for name, value in env.email_url("EMAIL_URL").items():
        if name != "EMAIL_BACKEND":
            globals()[name] = value
    MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
POST_OFFICE = {
    "BACKENDS": {"default": MAIL_TRANSPORT},
    # finally a quarter of an hour apart: enough for a mail server's outage of a day
    "MAX_RETRIES": 100,
    "DEFAULT_PRIORITY": "medium",
}

# How much one request may send, in bytes: to a public page or behind a signed link; as text when
# signed in; and with a file. More is answered 413 before any of it is read.
MOST_BYTES_FROM_ANYBODY = 256 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MOST_BYTES_OF_UPLOAD = int(env("MOST_MEGABYTES_OF_UPLOAD", default="") or 60) * 1024 * 1024

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "common.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# A browser accepts a __Host- cookie only over HTTPS and from this exact host: no neighbour can set
# one.
_HOST_ONLY = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrftoken"
DEVICE_COOKIE_NAME = f"{_HOST_ONLY}device"
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
# How many of our own proxies add to X-Forwarded-For; rate limits use the address before them.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
# For the whole domain only if its operator says so: it may host other services.
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION and env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = PRODUCTION and env.bool("HSTS_PRELOAD", default=False)
PERMISSIONS_POLICY = (
    "geolocation=(self), accelerometer=(), autoplay=(), camera=(), display-capture=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
    "browsing-topics=()"
)
CROSS_ORIGIN_RESOURCE_POLICY = "same-origin"
# GDAL on Debian 12 is older than Django's list; docs/decisions says why that is safe here. The
# other two ask for HSTS on all subdomains, which is for the council to decide.
SILENCED_SYSTEM_CHECKS = ["gis.W001", "security.W005", "security.W021"]
MAP_TILES_URL = env("MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env("MAP_TILES_ATTRIBUTION", default="")
MAP_TILES_ORIGIN = "/".join(MAP_TILES_URL.split("/")[:3]) if MAP_TILES_URL else ""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([MAP_TILES_ORIGIN] if MAP_TILES_ORIGIN else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Counts of people that leave the officers' own screens.
try:
    DISCLOSURE = Thresholds(
        int(env("DISCLOSURE_HIDE_UP_TO", default="") or HIDE_UP_TO),
        int(env("DISCLOSURE_ROUND_TO", default="") or ROUND_TO),
    )
except ValueError as refused:
    raise ImproperlyConfigured(f"DISCLOSURE_HIDE_UP_TO, DISCLOSURE_ROUND_TO: {refused}") from None

LEAFLET_CONFIG = {
    "TILES": [
        ("Map", MAP_TILES_URL, {"attribution": MAP_TILES_ATTRIBUTION, "referrerPolicy": "origin"})
    ]
    if MAP_TILES_URL
    else [],
    # The United Kingdom and its waters: where a map without places starts, and the limit of all
    # maps.
    "SPATIAL_EXTENT": (-12.0, 48.5, 4.5, 62.0),
    "MIN_ZOOM": 5,
    "MAX_ZOOM": 19,
    "SCALE": False,
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
}

# Accounts (django-allauth). The email address identifies people; nobody has a username.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # without a password, people sign in by code
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes, not links: they work when the mail is read on another device, and mail scanners that open
# every link do not use them up. They last 15 minutes for slow mail and slow typists.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before changing an address, a password or an app
ACCOUNT_CHANGE_EMAIL = True  # one address each; the new one replaces the old when confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_email": "accounts.forms.AddEmailForm",
}
# A town hall or a college shares one address: strict per account, wide per address. The counts are
# in the cache, which all processes share.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "signup": "60/m/ip",
    "request_login_code": "60/m/ip",  # and by account and caller together, in accounts.forms
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = _NAME or ALLOWED_HOSTS[0]
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: phones' clocks differ, people type slowly
# A day's work, or two weeks with "keep me signed in".
SESSION_COOKIE_AGE = 12 * 3600
ACCOUNT_SESSION_COOKIE_AGE = 14 * 24 * 3600
# Users with this permission must add an authenticator app before they can do anything else. The
# demonstration does not require one; tests about it turn it on.
OFFICER_PERMISSION = "venues.officer"
OFFICERS_NEED_SECOND_FACTOR = PRODUCTION

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_links": {"()": "common.log_filters.HideLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_links"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "safespaces": {"handlers": ["console"], "level": "INFO"},
        "common": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "post_office": {"handlers": ["console"], "level": "WARNING"},
        "django_tasks": {"handlers": ["console"], "level": "WARNING"},
        # Logs a warning at each orderly shutdown.
        "django_tasks_db": {"handlers": ["console"], "level": "ERROR"},
    },
}
