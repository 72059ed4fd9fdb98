"""``manage.py backup FOLDER``: database and private files, encrypted to a public key; never the portal's own keys."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.backups import BackupError, backup_make
from portal.settings.base import env


class Command(BaseCommand):
    help = (
        "Write a backup of database and private files into a new folder, encrypted to PORTAL_BACKUP_PUBLIC_KEY. The "
        "portal's own keys are left out: keep them elsewhere."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            contents = backup_make(
                folder,
                url=env("DATABASE_OWNER_URL"),
                storage=settings.PRIVATE_STORAGE_DIR,
                public_keys=settings.BACKUP_PUBLIC_KEY,
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in contents["tables"].values())
        self.stdout.write(f"{folder}: {rows} rows in {len(contents['tables'])} tables, {len(contents['files'])} files")
