"""``manage.py collectstatic``, which also writes the error pages of nginx next to the static files."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic

from portal.web import error_pages


class Command(collectstatic.Command):
    def handle(self, **options):
        done = super().handle(**options)
        if not options["dry_run"]:
            error_pages.write(Path(settings.STATIC_ROOT) / "errors")
        return done
