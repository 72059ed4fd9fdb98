"""Migrations let the previous release continue serving.

During an upgrade old code writes to the new tables.
"""

from io import StringIO

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from portal.core.upgrading import faults_of

# The last migrations from before this rule, when nobody had installed the portal.
BEFORE = {
    "audit": 7, "core": 7, "exchange": 6, "members": 17, "messaging": 9, "notices": 4, "organizations": 8,
    "statistics": 5, "matchmaking": 9,
}  # fmt: skip
INDEX = models.Index(fields=["name"], name="thing_name")


def later():
    """Return the project's migrations that are newer than the rule."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {*BEFORE, "rights", "nursing_rooms", "childcare", "innovation", "signups", "inspections"}
    return [
        migration
        for (label, name), migration in sorted(loader.disk_migrations.items())
        if label in ours and int(name[:4]) > BEFORE.get(label, 0)
    ]


def test_old_code_can_serve_while_migrations_run():
    assert ("members", "0018_handed_links") in {(one.app_label, one.name) for one in later()}
    assert [fault for migration in later() for fault in faults_of(migration)] == []


def plant(*operations, **attributes):
    return type("Migration", (migrations.Migration,), {"operations": operations, **attributes})(
        "0001_planted", "planted"
    )


def new(name, field):
    return migrations.AddField("thing", name, field)


MADE = migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize(
    ("operations", "faults"),
    [
        ([new("a", models.IntegerField())], 1),
        ([new("a", models.IntegerField(default=1))], 1),
        ([new("a", models.IntegerField(db_default=1))], 0),
        ([new("a", models.IntegerField(null=True))], 0),
        ([MADE, new("a", models.IntegerField())], 0),
        ([migrations.RemoveField("thing", "a")], 1),
        ([migrations.RenameField("thing", "a", "b")], 1),
        ([migrations.DeleteModel("thing")], 1),
        ([migrations.AddIndex("thing", INDEX)], 1),
        ([AddIndexConcurrently("thing", INDEX)], 0),
        ([MADE, migrations.AddIndex("thing", INDEX)], 0),
        ([migrations.SeparateDatabaseAndState([migrations.RemoveField("thing", "a")])], 1),
        ([migrations.SeparateDatabaseAndState([], [migrations.RemoveField("thing", "a")])], 0),
    ],
)
def test_what_old_code_cannot_stand_is_named(operations, faults):
    assert len(faults_of(plant(*operations))) == faults
    assert faults_of(plant(*operations, old_code_stops="rows move to another table")) == []


@pytest.mark.django_db
def test_who_upgrades_is_told(monkeypatch):
    out = StringIO()
    call_command("upgrade_check", stdout=out)
    assert out.getvalue() == "Nothing waits.\n"
    waiting = [(plant(), False)]
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: waiting)
    call_command("upgrade_check", stdout=out)
    assert "planted.0001_planted\nOld code can serve" in out.getvalue()
    waiting.append((plant(old_code_stops="rows move to another table"), False))
    with pytest.raises(CommandError, match="rows move to another table"):
        call_command("upgrade_check", stdout=out)
