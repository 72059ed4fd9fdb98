"""What each role may do in the database: stated once, compared with the actual state, and repaired.

The owner has all privileges. The serving role has ROWS on tables, less where NARROWED says so, and COUNTERS on
sequences. Nobody else has any privilege. This is the result of a fresh installation by docs/operating.md; a restore
into a database with other default privileges has another result, so it is compared afterwards. CONNECT and functions
are not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
COUNTERS = frozenset({"SELECT", "USAGE"})
# Rows that are written once and never changed: migrations narrow the privileges on these tables, and triggers refuse
# the rest (portal/audit).
AUDIT = dict.fromkeys(("audit_auditentry", "audit_auditseal", "audit_sealedentry"), frozenset({"SELECT", "INSERT"}))
# Backups made by the owner are recorded here; the serving role can read the records and cannot write any.
NARROWED = AUDIT | {"core_backup": frozenset({"SELECT"})}
CHANGES = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
PUBLIC = "PUBLIC"

_GRANTED = """
SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.relname, a.grantee, a.privilege_type, a.is_grantable
  FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char",
       c.relowner))) a
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
   AND a.grantee <> c.relowner
UNION ALL
SELECT 'column', c.relname || '.' || t.attname, a.grantee, a.privilege_type, a.is_grantable
  FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a
 WHERE c.relnamespace = 'public'::regnamespace AND t.attacl IS NOT NULL AND NOT t.attisdropped
   AND a.grantee <> c.relowner
UNION ALL
SELECT 'schema', n.nspname, a.grantee, a.privilege_type, a.is_grantable
  FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
 WHERE n.nspname = 'public' AND a.grantee <> n.nspowner
UNION ALL
SELECT 'database', d.datname, a.grantee, a.privilege_type, a.is_grantable
  FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
 WHERE d.datname = current_database() AND a.grantee <> d.datdba AND a.privilege_type <> 'CONNECT'
UNION ALL
SELECT CASE f.defaclnamespace WHEN 0 THEN 'default' ELSE 'schema default' END,
       CASE f.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
       WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE f.defaclobjtype::text END,
       a.grantee, a.privilege_type, a.is_grantable
  FROM pg_default_acl f, aclexplode(f.defaclacl) a
 WHERE f.defaclrole = current_user::regrole AND f.defaclnamespace IN (0, 'public'::regnamespace)
   AND a.grantee <> f.defaclrole AND NOT (f.defaclobjtype IN ('f', 'T') AND a.grantee = 0)
"""


@dataclass(frozen=True, order=True)
class Right:
    """One privilege of a role; ``kind`` is table, column, sequence, schema, database, default or schema default."""

    kind: str
    name: str
    role: str
    privilege: str

    def __str__(self) -> str:
        return f"{self.role}: {self.privilege} on {self.kind} {self.name}"


@dataclass(frozen=True)
class Difference:
    """What a database grants too much or too little, compared with a fresh installation."""

    surplus: tuple[Right, ...] = ()
    missing: tuple[Right, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.surplus or self.missing)

    def lines(self, most: int = 12) -> list[str]:
        """Return the differences, one line for each object and role; after ``most`` lines, only a count."""
        found = []
        for word, rights in (("too much", self.surplus), ("missing", self.missing)):
            for (kind, name, role), some in groupby(rights, key=lambda right: (right.kind, right.name, right.role)):
                found.append(f"{word}: {role}: {', '.join(right.privilege for right in some)} on {kind} {name}")
        return found[:most] + ([f"and {len(found) - most} more"] if len(found) > most else [])


def role_is_there(cursor: CursorWrapper) -> bool:
    """Return whether the serving role exists in this cluster."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.PORTAL_APP_ROLE])
    return cursor.fetchone() is not None


def compare(cursor: CursorWrapper) -> Difference:
    """Return the Difference between this database and a fresh installation; run as the owner."""
    have, due = _granted(cursor), _due(cursor)
    return Difference(tuple(sorted(have - due)), tuple(sorted(due - have)))


def repair(connection: BaseDatabaseWrapper) -> tuple[Difference, Difference]:
    """Give every role the privileges of a fresh installation; return (differences before, after).

    Run as the owner.
    """
    with connection.cursor() as cursor:
        before = compare(cursor)
        if before:
            due = _due(cursor)
            touched = {(right.kind, right.name, right.role) for right in (*before.surplus, *before.missing)}
            with transaction.atomic(using=connection.alias):
                for kind, name, role in sorted(touched):
                    kept = sorted(
                        right.privilege for right in due if (right.kind, right.name, right.role) == (kind, name, role)
                    )
                    for statement in _statements(connection, kind, name, role, kept):
                        cursor.execute(statement)
        return before, compare(cursor)


def narrow(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Give the serving role, where it exists, exactly its privileges on ``tables``; for migrations."""
    _set(connection, {table: NARROWED[table] for table in tables})


def widen(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Give the serving role all privileges on the rows of ``tables``: the reverse of ``narrow``."""
    _set(connection, dict.fromkeys(tables, ROWS))


def audit_excess(cursor: CursorWrapper, role: str | None = None) -> list[str]:
    """Return what ``role`` could do to the audit beyond writing it, as lines; an empty list is good.

    ``role`` None is the current role. Every source of a privilege counts: grants to the role, to PUBLIC and to single
    columns, roles of which it is a member, ownership of the table, and being superuser.
    """
    found = []
    for table in AUDIT:
        cursor.execute(
            "SELECT c.oid, pg_has_role(r.oid, c.relowner, 'MEMBER') FROM pg_class c, pg_roles r"
            " WHERE c.oid = to_regclass(%s) AND r.rolname = coalesce(%s, current_user)",
            [f"public.{table}", role],
        )
        row = cursor.fetchone()
        if row is None:
            continue
        oid, owns = row
        cursor.execute(
            "SELECT p FROM unnest(%s) WITH ORDINALITY AS u(p, n) WHERE has_table_privilege(coalesce(%s, current_user),"
            " %s::oid, p) OR (p = 'UPDATE' AND has_any_column_privilege(coalesce(%s, current_user), %s::oid, p))"
            " ORDER BY n",
            [list(CHANGES), role, oid, role, oid],
        )
        may = [name for (name,) in cursor.fetchall()]
        if owns or may:
            found.append(f"{table}: {'owner' if owns else ', '.join(may)}")
    return found


def _granted(cursor: CursorWrapper) -> set[Right]:
    cursor.execute(
        f"SELECT g.*, coalesce(r.rolname, '{PUBLIC}') FROM ({_GRANTED}) g(k, n, grantee, p, w)"  # noqa: S608
        " LEFT JOIN pg_roles r ON r.oid = g.grantee"
    )
    found = set()
    for kind, name, _oid, privilege, grantable, role in cursor.fetchall():
        found.add(Right(kind, name, role, privilege))
        if grantable:
            found.add(Right(kind, name, role, f"{privilege} WITH GRANT OPTION"))
    return found


def _due(cursor: CursorWrapper) -> set[Right]:
    role = settings.PORTAL_APP_ROLE
    cursor.execute(
        "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
    )
    due = {Right("schema", "public", PUBLIC, "USAGE")}
    due |= {Right("default", "TABLES", role, privilege) for privilege in ROWS}
    due |= {Right("default", "SEQUENCES", role, privilege) for privilege in COUNTERS}
    for name, relkind in cursor.fetchall():
        kind, some = ("sequence", COUNTERS) if relkind == "S" else ("table", NARROWED.get(name, ROWS))
        due |= {Right(kind, name, role, privilege) for privilege in some}
    return due


def _statements(connection: BaseDatabaseWrapper, kind: str, name: str, role: str, kept: Sequence[str]) -> Iterator[str]:
    """Yield the statements that leave ``role`` with exactly ``kept`` on one object."""
    quote = connection.ops.quote_name
    to = role if role == PUBLIC else quote(role)
    if kind in ("default", "schema default"):
        defaults = "ALTER DEFAULT PRIVILEGES" + (" IN SCHEMA public" if kind == "schema default" else "")
        yield f"{defaults} REVOKE ALL ON {name} FROM {to}"
        if kept:
            yield f"{defaults} GRANT {', '.join(kept)} ON {name} TO {to}"
        return
    if kind == "column":
        table, column = name.split(".", 1)
        yield f"REVOKE ALL ({quote(column)}) ON TABLE {quote(table)} FROM {to} CASCADE"
        return
    what = f"{kind.upper()} {quote(name)}"
    # CONNECT on a database is not managed here.
    yield f"REVOKE {'CREATE, TEMPORARY' if kind == 'database' else 'ALL'} ON {what} FROM {to} CASCADE"
    if kept:
        yield f"GRANT {', '.join(kept)} ON {what} TO {to}"


def _set(connection: BaseDatabaseWrapper, granted: Mapping[str, Set[str]]) -> None:
    with connection.cursor() as cursor:
        if role_is_there(cursor):
            for table, some in granted.items():
                for statement in _statements(connection, "table", table, settings.PORTAL_APP_ROLE, sorted(some)):
                    cursor.execute(statement)
