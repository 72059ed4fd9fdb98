"""WSGI entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from portal.core.starting import check_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()
check_database()

# What is loaded stays loaded. Without the freeze the garbage collector scans all of it now and then in the middle of a
# request: 117 ms with 390,000 objects.
get_resolver().url_patterns  # noqa: B018 - imports the views
gc.collect()
gc.freeze()
