"""``manage.py collectstatic``, and the error pages of nginx beside the files that they name."""

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
