"""``manage.py backup_key FILE``: make a key pair for backups, as ``age-keygen`` does."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.core.sealing import key_pair


class Command(BaseCommand):
    help = (
        "Make a pair of keys for backups: the private one in a new FILE, the public one on the screen, for "
        "PORTAL_BACKUP_PUBLIC_KEY. Run it on a machine that is not the server: the private key is never on the server."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        private, public = key_pair()
        try:
            with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as target:
                target.write(f"# public key: {public}\n{private}\n")
        except OSError:
            raise CommandError(f"{file} cannot be written or exists already: keys are never written over.") from None
        self.stdout.write(public)
