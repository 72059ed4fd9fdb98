"""The web server in production: gunicorn -c deploy/gunicorn_config.py portal.wsgi

nginx stands in front (deploy/nginx/portal.conf). The socket comes from systemd (portal-web.socket).
"""

from portal.settings.capacity import capacity
from portal.settings.reading import variables

worker_class = "gthread"
# As many as the processors use and PostgreSQL has connections for.
workers, threads, _ = capacity(variables())
# In a rush the first worker to wake accepts all that wait, up to this number; the others would stand idle.
worker_connections = 4 * threads
# Longer than the database's statement_timeout (10 s), so that a slow query ends as a page and not as a killed worker.
timeout = 30
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
limit_request_fields = 60
# The socket is nginx's alone; the middleware takes addresses from X-Forwarded-For by PORTAL_TRUSTED_PROXIES.
forwarded_allow_ips = "*"
# The portal writes a line a request itself, without query and without tokens.
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
