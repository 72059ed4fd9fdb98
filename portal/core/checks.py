"""System checks of the database and the settings that the portal starts with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Warned
from django.db import connections

from portal.core import privileges
from portal.core.restoring import is_under_way
from portal.core.sealing import SealingError, recipients

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.apps import AppConfig
    from django.core.checks import CheckMessage

    Apps = Sequence[AppConfig] | None

SAMPLE = "会聚良缘"


@register(Tags.database)
def chinese_trigrams(app_configs: Apps, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a database whose locale makes no trigrams of Chinese text: name searches would find nothing."""
    errors: list[CheckMessage] = []
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


@register(Tags.database)
def audit_is_out_of_reach(app_configs: Apps, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a serving role that could change or delete anything in the audit."""
    # When run as the owner (migrate), check the other role.
    role = settings.PORTAL_APP_ROLE if os.environ.get("PORTAL_DATABASE_ROLE") == "owner" else None
    errors: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            excess = privileges.audit_excess(cursor, role)
        if excess:
            hint = "manage.py privileges --repair, as the owner (docs/operating.md, Roles and grants)"
            words = f"The serving role could change the audit: {'; '.join(excess)}."
            errors.append(Error(words, hint=hint, id="core.E003"))
    return errors


@register(Tags.database)
def restore_has_ended(app_configs: Apps, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a database in which a restore was begun and has not ended."""
    if "default" not in (databases or ()) or not is_under_way():
        return []
    hint = "Run the same manage.py restore again: it clears what the first attempt brought."
    return [Error("A restore into this database has not ended.", hint=hint, id="core.E004")]


@register(Tags.security, deploy=True)
def scanner_is_set_up(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Warn if no virus scanner checks the files that people upload."""
    if settings.CLAMD:
        return []
    hint = "Install clamd and set PORTAL_CLAMD (docs/operating.md)."
    return [Warned("No virus scanner looks through the files that people upload.", hint=hint, id="core.W001")]


@register(Tags.security, deploy=True)
def backups_are_encrypted(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Warn if no backup can be made because there is no public key to encrypt it to."""
    try:
        recipients(settings.BACKUP_PUBLIC_KEY)
    except SealingError as error:
        hint = "Make a pair elsewhere, keep its private key there, and set the public one (docs/operating.md)."
        return [Warned(str(error), hint=hint, id="core.W002")]
    return []
