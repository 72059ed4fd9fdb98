"""Makes seals insert-only as the entries are: triggers, and no right of the serving role to change them."""

from django.conf import settings
from django.db import migrations

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


def _role(editor, statement):
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.PORTAL_APP_ROLE])
        if cursor.fetchone():
            for table in TABLES:
                cursor.execute(statement.format(table=table, role=editor.quote_name(settings.PORTAL_APP_ROLE)))


def revoke(apps, editor):
    _role(editor, "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")


def grant(apps, editor):
    _role(editor, "GRANT UPDATE, DELETE ON {table} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals")]

    operations = [
        *(migrations.RunSQL(FORWARD.format(table=table), BACKWARD.format(table=table)) for table in TABLES),
        migrations.RunPython(revoke, grant),
    ]
