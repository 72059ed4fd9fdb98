"""Production: every secret and address from the environment; a missing one stops the process."""

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *
from portal.settings.base import databases, env, keys, needed
from portal.settings.reading import identity_check, json_of

DEBUG = False
needed(env, "ALLOWED_HOSTS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
DATABASES = databases(env)
globals().update(keys(env))
if len(env.str("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have 50 characters or more.")
SITE_URL = needed(env, "PORTAL_SITE_URL")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

SMS_BACKEND = env.str("PORTAL_SMS_BACKEND", "") or SMS_BACKEND
SMS_ENDPOINT = env.str("PORTAL_SMS_ENDPOINT", "") or SMS_ENDPOINT
SMS_REGION = env.str("PORTAL_SMS_REGION", "") or SMS_REGION
SMS_KEY_ID = env.str("PORTAL_SMS_KEY_ID", "")
SMS_KEY_SECRET = env.str("PORTAL_SMS_KEY_SECRET", "")
SMS_APP_ID = env.str("PORTAL_SMS_APP_ID", "")
SMS_SIGNATURE = env.str("PORTAL_SMS_SIGNATURE", "")
SMS_TEMPLATES = json_of(env, "PORTAL_SMS_TEMPLATES")
SMS_LINKS = env.bool("PORTAL_SMS_LINKS", False)
globals().update(identity_check(env, "THREE_ELEMENTS") | identity_check(env, "REAL_NAME"))
if env.str("PORTAL_EMAIL_URL", ""):
    globals().update(env.email_url("PORTAL_EMAIL_URL"))
BACKUP_HOURS = env.int("PORTAL_BACKUP_HOURS", 26)
if BACKUP_HOURS < 1:
    raise ImproperlyConfigured("PORTAL_BACKUP_HOURS must be 1 or more.")
TRUSTED_PROXIES = env.int("PORTAL_TRUSTED_PROXIES", 1)
