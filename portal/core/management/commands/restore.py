"""``manage.py restore FOLDER``: a backup into an empty database and an empty folder of files."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.backups import BackupError, backup_check, backup_restore


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty database of DATABASE_OWNER_URL and the empty PORTAL_STORAGE_DIR, and compare. "
        "The copy sends nothing until `manage.py unlock_outbox`."
    )
    # The database is empty: nothing to check before.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="only compare the backup with its manifest")

    def handle(self, *, folder, check, **options):
        try:
            if check:
                manifest = backup_check(folder)
            else:
                url = os.environ["DATABASE_OWNER_URL"]
                manifest = backup_restore(folder, url=url, storage=settings.PRIVATE_STORAGE_DIR)
        except BackupError as error:
            raise CommandError(str(error)) from None
        rows = sum(table["rows"] for table in manifest["tables"].values())
        done = "whole" if check else "restored and compared; nothing is sent until manage.py unlock_outbox"
        self.stdout.write(f"backup of {manifest['made_at']}: {rows} rows, {len(manifest['files'])} files: {done}")
