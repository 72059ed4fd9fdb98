"""``manage.py backup FOLDER``: database and private files, with checksums; never the keys."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.backups import BackupError, backup_make


class Command(BaseCommand):
    help = "Write a backup of database and private files into a new folder. Keys are left out: keep them elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        try:
            manifest = backup_make(folder, url=os.environ["DATABASE_OWNER_URL"], storage=settings.PRIVATE_STORAGE_DIR)
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(f"{folder}: {rows} rows in {len(manifest['tables'])} tables, {len(manifest['files'])} files")
