"""``manage.py recount_statistics``: recounts all figures from the business rows, as every night."""

from django.core.management.base import BaseCommand

from portal.statistics.services.recounting import recount


class Command(BaseCommand):
    help = "Recount all figures from the business rows and say what had to be mended."

    def handle(self, **options):
        log = recount()
        took = (log.finished_at - log.started_at).total_seconds()
        self.stdout.write(
            f"Recounted in {took:.1f} s: {log.touches} touches, {log.changed} changed, {log.mended} mended."
        )
