"""Makes the audit insert-only: a trigger refuses UPDATE, DELETE and TRUNCATE, and the serving role loses the rights."""

from django.db import migrations

from portal.core import privileges

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


def revoke(apps, editor):
    privileges.narrow(editor.connection, "audit_auditentry")


def grant(apps, editor):
    privileges.widen(editor.connection, "audit_auditentry")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_first")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(revoke, grant),
    ]
