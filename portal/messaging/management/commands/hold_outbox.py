"""``manage.py hold_outbox``: send nothing, because this database was set back or has a copy."""

from django.core.management.base import BaseCommand

from portal.messaging.services.holding import outbox_hold


class Command(BaseCommand):
    help = "Send no message and run no job until `manage.py unlock_outbox`: after a recovery to an earlier moment."

    def handle(self, **options):
        done = outbox_hold(reason="held by hand")
        self.stdout.write("The outbox is held." if done else "The outbox was held already.")
