"""Re-encrypts all stored values under the active key.

It runs beside the serving portal and may be interrupted.
"""

from django.core.management.base import BaseCommand, CommandError

from portal.core import crypto, rotation, sessions


class Command(BaseCommand):
    help = (
        "Writes every encrypted value that lies under an older key anew under the last key of PORTAL_FIELD_KEYS, and "
        "says which keys are still in use. A key may be taken out once no value lies under it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=200, help="values written in one transaction (200)")
        parser.add_argument("--check", action="store_true", help="only say which keys are in use")

    def handle(self, *args, batch, check, **options):
        active, left, broken = crypto.active_key(), 0, 0
        for column in rotation.columns():
            if not check:
                rotation.rotate(column, batch=max(batch, 1))
                broken += len(column.broken)
                self.stdout.write(f"{column.name}: {column.written} written anew")
                for pk in column.broken[:20]:
                    self.stderr.write(f"{column.name}: the value of row {pk} does not open")
            counts = rotation.keys_in_use(column)
            left += sum(count for key, count in counts.items() if key != active)
            words = ", ".join(f"{key}: {count}" for key, count in sorted(counts.items())) or "no values"
            self.stdout.write(f"{column.name}: {words}")
        if not check:
            self.stdout.write(f"sessions: {sessions.rotate()} written anew")
        counts = sessions.keys_in_use()
        left += sum(count for key, count in counts.items() if key != active)
        words = ", ".join(f"{key}: {count}" for key, count in sorted(counts.items())) or "no values"
        self.stdout.write(f"sessions: {words}")
        if broken:
            raise CommandError(
                f"{broken} values did not open; the keys at hand are not the ones they were written with"
            )
        if left and not check:
            raise CommandError(f"{left} values still lie under another key than {active}: run this again")
        self.stdout.write(f"{left} values lie under another key than {active}")
