"""ASGI entry point for an asynchronous web server; the portal itself is served through WSGI."""

import os

from django.core.asgi import get_asgi_application

from portal.core.starting import check_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_asgi_application()
check_database()
