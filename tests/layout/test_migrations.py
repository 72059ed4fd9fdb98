"""Models and migrations agree."""

from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, no_color=True)
    except SystemExit:
        pytest.fail(out.getvalue())


def test_migrations_are_named_and_reversible():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = {config.label for config in apps.get_app_configs() if str(settings.BASE_DIR / "portal") in config.path}
    own |= {"matchmaking", "rights", "nursing_rooms", "childcare", "innovation"}
    odd = []
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if label in own:
            odd += [f"{label}.{name}: give it a name"] if "_auto_" in name else []
            odd += [
                f"{label}.{name}: {operation.describe()} has no way back"
                for operation in migration.operations
                if not operation.reversible
            ]
    assert odd == []
