"""``manage.py backup FOLDER``: back up database and private files, encrypted to a public key.

The portal's own keys are never included.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from portal.core.backups import BackupError, backup_make
from portal.core.services import backup_note
from portal.settings.base import env


class Command(BaseCommand):
    help = (
        "Write a backup of database and private files into a new folder, encrypted to PORTAL_BACKUP_PUBLIC_KEY. The "
        "portal's own keys are left out: keep them elsewhere."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, **options):
        begun = timezone.now()
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
        try:
            backup_note(
                made_at=begun,
                seconds=int((timezone.now() - begun).total_seconds()),
                size=sum(path.stat().st_size for path in folder.iterdir()),
                rows=rows,
                files=len(contents["files"]),
            )
        except DatabaseError as error:
            raise CommandError(
                f"{folder} is whole, but could not be noted ({type(error).__name__}): /readyz counts from the last one."
            ) from None
        self.stdout.write(f"{folder}: {rows} rows in {len(contents['tables'])} tables, {len(contents['files'])} files")
