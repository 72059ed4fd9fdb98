"""``manage.py restore FOLDER --key FILE``: restore a backup into an empty database and empty folder.

The folder is that of the private files.
"""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.backups import BackupError, backup_check, backup_open, backup_restore
from portal.settings.base import env

NO_KEY = "Give the private key: --key FILE, or --key - to read it from standard input."


class Command(BaseCommand):
    help = (
        "Restore a backup into the empty database of DATABASE_OWNER_URL and the empty PORTAL_STORAGE_DIR, and compare. "
        "Rights become those of a fresh installation. A restore that broke off is repeated by the same command. "
        "The copy sends nothing until `manage.py unlock_outbox`."
    )
    # The database is empty, so there is nothing to check first.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--key", default="", help="file with the private key of the backup; - is standard input")
        parser.add_argument(
            "--check",
            action="store_true",
            help="only compare the backup with its manifest; with --key also open it, and write nothing",
        )

    def handle(self, *, folder, key, check, **options):
        if not key and not check:
            raise CommandError(NO_KEY)
        try:
            if not key:
                self.stdout.write(f"backup of {backup_check(folder)['made_at']}: its parts are as the manifest says")
                return
            private_keys = self.read(key)
            if check:
                contents = backup_open(folder, private_keys=private_keys)
            else:
                contents = backup_restore(
                    folder,
                    url=env("DATABASE_OWNER_URL"),
                    storage=settings.PRIVATE_STORAGE_DIR,
                    private_keys=private_keys,
                )
        except BackupError as error:
            raise CommandError(str(error)) from None
        if not check:
            for line in contents["privileges"]:
                self.stdout.write(f"rights repaired, {line}")
            self.stdout.write("rights are those of a fresh installation")
        rows = sum(table["rows"] for table in contents["tables"].values())
        done = "opens and is whole" if check else "restored and compared; nothing is sent until manage.py unlock_outbox"
        self.stdout.write(f"backup of {contents['made_at']}: {rows} rows, {len(contents['files'])} files: {done}")

    @staticmethod
    def read(key):
        if key == "-":
            return sys.stdin.read()
        try:
            return Path(key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"The key file {key} cannot be read.") from None
