"""Settings common to all environments. Secrets and addresses come from the environment and have no default."""

import tomllib
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.settings.areas import AREAS, areas_in_service
from portal.settings.capacity import capacity
from portal.settings.limits import *
from portal.settings.maps import *
from portal.settings.maps import MAP_TILES_HOSTS
from portal.settings.reading import environment, identity_check, variables

env = environment()

BASE_DIR = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

INSTALLED_APPS = [
    "portal.core",
    "portal.web",
    "portal.audit",
    "portal.messaging",
    "portal.exchange",
    "portal.organizations",
    "portal.deadlines",
    "portal.papers",
    "portal.receipts",
    "portal.members",
    "portal.signups",
    "portal.notices",
    "portal.locations",
    "portal.inspections",
    "portal.statistics",
    "portal.learning",
    "portal.programmes",
    *AREAS,
    "portal.web.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
]
# Areas in service; the tables of the other areas are kept.
PORTAL_AREAS = areas_in_service(env)

MIDDLEWARE = [
    "portal.web.middleware.RequestIdMiddleware",
    "portal.web.middleware.AreasInServiceMiddleware",
    "portal.web.middleware.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.web.middleware.PagePolicyMiddleware",
    "portal.web.middleware.InsideWeChatMiddleware",
    "portal.web.middleware.HostileInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.members.middleware.SessionRulesMiddleware",
    "portal.members.middleware.AccountSetupMiddleware",
    "portal.web.middleware.LoginRequiredMiddleware",
    "portal.web.middleware.RowNumberMiddleware",
    "portal.web.middleware.CostMiddleware",
    "portal.members.middleware.ClosedPagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.web.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
SITE_URL: str = env("PORTAL_SITE_URL", default="http://localhost:8000")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.web.context.shell",
            ],
        },
    }
]


def needed(environment, name):
    """Return a variable that must be set; a missing or blank one stops the process (ImproperlyConfigured)."""
    value = environment.str(name)
    if not value.strip():
        raise ImproperlyConfigured(f"Set the {name} environment variable: it is empty.")
    return value


# Database. Two roles: portal_owner runs migrations, portal_app serves requests.
DATABASE_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s",
}
PORTAL_APP_ROLE = "portal_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def databases(environment):
    """Return DATABASES for the role of the process: the owner for migrations, else the serving role."""
    role = environment.str("PORTAL_DATABASE_ROLE", "app")
    name = "DATABASE_OWNER_URL" if role == "owner" else "DATABASE_URL"
    needed(environment, name)
    config = environment.db_url(name)
    config["OPTIONS"] = {**config.get("OPTIONS", {}), **DATABASE_OPTIONS}
    if role == "owner":
        config["OPTIONS"]["options"] = "-c lock_timeout=10s"
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    return {"default": config}


# People
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["portal.members.backends.PasswordBackend"]
LOGIN_URL = "members:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "members:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Sessions are encrypted as a whole. Messages for the next page are kept in the session and not in a cookie.
SESSION_ENGINE = "portal.core.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
# Seconds. Staff: 30 minutes idle, administrators 15, 12 hours at most; members 30 days (design: sessions).
STAFF_IDLE_SECONDS = 30 * 60
ADMINISTRATOR_IDLE_SECONDS = 15 * 60
STAFF_SESSION_SECONDS = 12 * 3600

# Demo people: phones 120 0000 0000 to 120 9999 9999 exist in no network; settings other than demo and test refuse them.
ALLOW_DEMO_PEOPLE = False

# The token of a monitor that cannot sign in (empty: /metrics is closed), and how many wrong tokens one network may try.
MONITOR_TOKEN = env("PORTAL_MONITOR_TOKEN", default="")
MONITOR_WRONG_TOKENS = 10
# The data folder of PostgreSQL if it is on this machine, so that its disk is monitored. Empty: the folder is unknown.
DATABASE_DIR = env("PORTAL_DATABASE_DIR", default="")

# Sign-in codes: lifetime in seconds, attempts, and how many may be requested in an hour.
SIGN_IN_CODE_SECONDS = 300
SIGN_IN_CODE_TRIES = 5
SIGN_IN_RESEND_SECONDS = 60
SIGN_IN_CODES_PER_PHONE_AND_HOUR = 5
SIGN_IN_CODES_PER_ADDRESS_AND_HOUR = 60
SIGN_IN_CODES_PER_HOUR = env.int("PORTAL_SIGN_IN_CODES_PER_HOUR", default=20_000)
SIGN_IN_PASSWORD_FAILURES, SIGN_IN_LOCK_SECONDS = 5, 30 * 60

# How many masked fields one person may reveal in an hour; more are refused and reported to the security administrators.
REVEALS_PER_HOUR = 30
# Working days: for an answer to a request about own data; after which an overdue deadline is passed to the level above.
DATA_REQUEST_WORKING_DAYS, DEADLINE_PASSED_WORKING_DAYS = 15, 3

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MAX_BODY_BYTES = 25 * 1024 * 1024

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Pages
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "components/table.html"
SILENCED_SYSTEM_CHECKS = []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MAP_TILES_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Where people report a weakness they have found: a mailto: or https: address, published in /.well-known/security.txt.
SECURITY_CONTACT = env("PORTAL_SECURITY_CONTACT", default="")

# The harmless page to which "Leave this page" leads on pages that others should not see their reader on.
LEAVE_PAGE_URL: str = env("PORTAL_LEAVE_PAGE_URL", default="https://www.weather.com.cn/")

# Celery. The database records what is due; the broker only wakes workers.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 570
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = capacity(variables()).jobs
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_TIMEZONE = TIME_ZONE
TICK_SECONDS = env.float("PORTAL_TICK_SECONDS", default=5.0)
CELERY_BEAT_SCHEDULE = {
    "messaging.tick": {
        "task": "messaging.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": max(TICK_SECONDS * 2, 10)},
    },
    # Six ticks: jobs that a killed planner left unplanned are planned within a minute.
    "messaging.remind": {"task": "messaging.remind", "schedule": TICK_SECONDS * 6, "options": {"expires": 60}},
    "matchmaking.expire_offers": {"task": "matchmaking.expire_offers", "schedule": 60.0, "options": {"expires": 120}},
    "matchmaking.keep_time": {
        "task": "matchmaking.keep_time",
        "schedule": max(TICK_SECONDS, 5.0),
        "options": {"expires": 60},
    },
    "deadlines.keep_time": {"task": "deadlines.keep_time", "schedule": 600.0, "options": {"expires": 600}},
    "rights.keep_time": {"task": "rights.keep_time", "schedule": 600.0, "options": {"expires": 600}},
    "childcare.keep_time": {"task": "childcare.keep_time", "schedule": 60.0, "options": {"expires": 120}},
    "notices.keep_time": {"task": "notices.keep_time", "schedule": 60.0, "options": {"expires": 120}},
    "exchange.look_through": {"task": "exchange.look_through", "schedule": 60.0, "options": {"expires": 60}},
    "exchange.sweep": {"task": "exchange.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "core.look_outside": {"task": "core.look_outside", "schedule": 3600.0, "options": {"expires": 3600}},
    "audit.seal": {"task": "audit.seal", "schedule": 30.0, "options": {"expires": 60}},
    "core.retention": {"task": "core.retention", "schedule": 24 * 3600.0, "options": {"expires": 24 * 3600}},
    "matchmaking.keep_profiles": {"task": "matchmaking.keep_profiles", "schedule": 600.0, "options": {"expires": 600}},
    "members.keep_time": {"task": "members.keep_time", "schedule": 3600.0, "options": {"expires": 3600}},
    "members.sweep": {"task": "members.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "statistics.touched": {"task": "statistics.touched", "schedule": 15.0, "options": {"expires": 30}},
    "statistics.recount": {"task": "statistics.recount", "schedule": crontab(hour=3, minute=30)},
}

# The virus scanner clamd: path of a socket or host:port, empty means none; seconds within which it answers each step.
CLAMD, CLAMD_SECONDS = env("PORTAL_CLAMD", default=""), 5

# Recipients for whom backups are encrypted: public keys of age. The private keys are never on the server.
BACKUP_PUBLIC_KEY = env("PORTAL_BACKUP_PUBLIC_KEY", default="")
# Hours after which the last backup is too old for /readyz; 0: no backup is required, as in demo and tests.
BACKUP_HOURS = 0

# Channels: each setting holds the dotted path of a backend class.
SMS_BACKEND = "portal.messaging.channels.RefusingSms"
SMS_TIMEOUT_SECONDS = 3
# Whether text messages may contain one-time links, which a provider must allow; else they contain a short code.
SMS_LINKS = False
# The account at the provider, and the provider's code for each template: see deploy/production.env.example.
SMS_ENDPOINT = "https://sms.tencentcloudapi.com"
SMS_REGION = "ap-guangzhou"
SMS_KEY_ID = SMS_KEY_SECRET = SMS_APP_ID = SMS_SIGNATURE = ""
SMS_TEMPLATES = {}
# Services that check whether name, identity number and phone belong together: the operators' and a union's.
globals().update(identity_check(env, "THREE_ELEMENTS") | identity_check(env, "REAL_NAME"))
# Text messages that are not urgent are held back from 21:00 to 08:00.
QUIET_HOURS = (21, 8)
EMAIL_BACKEND = "portal.messaging.channels.RefusingMail"
EMAIL_TIMEOUT = 5
MAIL_DOMAIN = env("PORTAL_MAIL_DOMAIN", default="portal.invalid")
DEFAULT_FROM_EMAIL = env("PORTAL_MAIL_FROM", default=f"no-reply@{MAIL_DOMAIN}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "portal.core.logs.MaskFilter"}},
    "formatters": {"line": {"()": "portal.core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.db.backends": {"level": "WARNING"},
        # A line for each tick would hide the others; "portal.task" logs the jobs that somebody requested.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        # Debug messages of these loggers contain numbers and codes.
        "tencentcloud_sdk_common": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
    },
}


def keys(environment):
    """Return the secrets every process needs; raise ImproperlyConfigured for a missing or empty one.

    ``crypto.check_keys`` checks the format of the keys when the applications are ready.
    """
    return {
        "SECRET_KEY": needed(environment, "SECRET_KEY"),
        "FIELD_KEYS": needed(environment, "PORTAL_FIELD_KEYS"),
        "INDEX_KEY": needed(environment, "PORTAL_INDEX_KEY"),
        "MASTER_KEY": needed(environment, "PORTAL_MASTER_KEY"),
        "KEY_DIR": Path(needed(environment, "PORTAL_KEY_DIR")),
        "PRIVATE_STORAGE_DIR": Path(needed(environment, "PORTAL_STORAGE_DIR")),
        "STATIC_ROOT": Path(needed(environment, "PORTAL_STATIC_DIR")),
        "CELERY_BROKER_URL": needed(environment, "REDIS_URL"),
    }


# How many of our own proxies stand in front and append to X-Forwarded-For; 0 trusts none.
TRUSTED_PROXIES = 0

# Passwords of staff (GB/T 22239, level 3). Twelve characters and Django's lists are set above; in addition: three of
# four character classes, none of the last five passwords, a new one every 90 days (0: never).
AUTH_PASSWORD_VALIDATORS += [
    {"NAME": "portal.members.passwords.ClassesValidator", "OPTIONS": {"least": 3}},
    {"NAME": "portal.members.passwords.HistoryValidator"},
]
PASSWORD_HASHERS = ["portal.members.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
PASSWORD_HISTORY = 5
PASSWORD_DAYS = 90
INVITATION_DAYS = 7
# Who must set up an authenticator before anything else: "administrators", "staff" (everybody with a duty) or "nobody".
# A person without one signs in with a code by SMS.
SECOND_FACTOR_REQUIRED = env("PORTAL_SECOND_FACTOR_REQUIRED", default="administrators")
ISSUER = "Portal"
