"""``manage.py upgrade_check``: what the migrations of a new version will do, before they are run."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = (
        "List the migrations that wait, and say whether the web server must stand still while they run (exit code 1)."
    )

    def handle(self, **options):
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        plan = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        for migration in plan:
            self.stdout.write(f"{migration.app_label}.{migration.name}")
        stops = [migration for migration in plan if getattr(migration, "old_code_stops", "")]
        if stops:
            reasons = "\n".join(f"  {one.app_label}.{one.name}: {one.old_code_stops}" for one in stops)
            raise CommandError(f"Stop portal-web, portal-worker and portal-beat before migrate:\n{reasons}")
        self.stdout.write("Nothing waits." if not plan else "Old code can serve while these run.")
