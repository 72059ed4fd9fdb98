"""``manage.py retention [--dry-run]``: delete what is past its retention period, or count it."""

from django.core.management.base import BaseCommand

from portal.core.services import retention_run


class Command(BaseCommand):
    help = "Delete what is over by the rules of retention; --dry-run only counts."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")

    def handle(self, *args, dry_run, **options):
        for rule, count in retention_run(dry_run=dry_run):
            self.stdout.write(f"{rule.code}: {count} {'due' if dry_run else 'deleted'} ({rule.title})")
