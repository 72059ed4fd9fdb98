"""Makes the audit insert-only: a trigger refuses UPDATE, DELETE and TRUNCATE, and the serving role loses the rights."""

from django.conf import settings
from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END $$;
CREATE TRIGGER audit_auditentry_insert_only BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_auditentry_no_truncate BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = """
DROP TRIGGER audit_auditentry_no_truncate ON audit_auditentry;
DROP TRIGGER audit_auditentry_insert_only ON audit_auditentry;
DROP FUNCTION audit_refuse_change();
"""


def _role(editor, statement):
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.PORTAL_APP_ROLE])
        if cursor.fetchone():
            cursor.execute(statement.format(role=editor.quote_name(settings.PORTAL_APP_ROLE)))


def revoke(apps, editor):
    _role(editor, "REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditentry FROM {role}")


def grant(apps, editor):
    _role(editor, "GRANT UPDATE, DELETE ON audit_auditentry TO {role}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_first")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(revoke, grant),
    ]
