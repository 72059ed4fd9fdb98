"""``manage.py unlock_outbox``: the restored copy is now the portal and may send messages."""

from django.core.management.base import BaseCommand

from portal.messaging.services.holding import outbox_unlock


class Command(BaseCommand):
    help = "Let a restored copy send messages and run jobs. Only where the portal it was copied from no longer runs."

    def handle(self, **options):
        self.stdout.write("The outbox is open." if outbox_unlock() else "The outbox was open already.")
