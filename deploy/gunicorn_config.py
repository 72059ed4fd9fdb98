"""Settings of the web server in production: ``gunicorn -c deploy/gunicorn_config.py portal.wsgi``.

nginx runs in front of it (deploy/nginx/portal.conf). The socket comes from systemd (portal-web.socket).
"""

from portal.settings.capacity import capacity
from portal.settings.reading import variables

worker_class = "gthread"
# As many as the processors can use and PostgreSQL has connections for.
workers, threads, _ = capacity(variables())
# Under load, the first worker that wakes up accepts all waiting connections up to this number; without the limit the
# other workers would be idle.
worker_connections = 4 * threads
# Longer than the database's statement_timeout (10 s), so that a slow query ends with an error page and not with a
# killed worker.
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
limit_request_fields = 60
# Only nginx can reach the socket; the middleware reads addresses from X-Forwarded-For by PORTAL_TRUSTED_PROXIES.
forwarded_allow_ips = "*"
# The portal itself writes one line per request, without query string and tokens.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "portal.core.logs.MaskFilter"}},
    "formatters": {"line": {"()": "portal.core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}
