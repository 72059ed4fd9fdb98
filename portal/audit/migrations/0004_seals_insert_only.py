"""Makes seals insert-only as the entries are: triggers, and no right of the serving role to change them."""

from django.db import migrations

from portal.core import privileges

TABLES = ("audit_auditseal", "audit_sealedentry")
FORWARD = """
CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_insert_only ON {table};
"""


def revoke(apps, editor):
    privileges.narrow(editor.connection, *TABLES)


def grant(apps, editor):
    privileges.widen(editor.connection, *TABLES)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals")]

    operations = [
        *(migrations.RunSQL(FORWARD.format(table=table), BACKWARD.format(table=table)) for table in TABLES),
        migrations.RunPython(revoke, grant),
    ]
