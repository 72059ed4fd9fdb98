"""Checks of the database the portal is started on."""

from django.core.checks import Error, Tags, register
from django.db import connections

SAMPLE = "会聚良缘"


@register(Tags.database)
def chinese_trigrams(app_configs, databases, **kwargs):
    """Refuse a database whose locale gives Chinese text no trigrams: searches by name would find nothing."""
    errors = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if not cursor.fetchone():
                errors.append(
                    Error("The extension pg_trgm is missing.", hint="CREATE EXTENSION pg_trgm", id="core.E001")
                )
                continue
            cursor.execute("SELECT array_length(show_trgm(%s), 1)", [SAMPLE])
            if not cursor.fetchone()[0]:
                errors.append(
                    Error(
                        "The locale of this database gives Chinese text no trigrams.",
                        hint="initdb --locale-provider=builtin --builtin-locale=C.UTF-8 --lc-ctype=C.UTF-8",
                        id="core.E002",
                    )
                )
    return errors
