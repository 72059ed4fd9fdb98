"""Checks of what the portal is started on."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Warned
from django.db import connections

from portal.core.sealing import SealingError, recipients

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


@register(Tags.security, deploy=True)
def scanner_is_set_up(app_configs, **kwargs):
    """Warn when no virus scanner looks through what people upload."""
    if settings.CLAMD:
        return []
    hint = "Install clamd and set PORTAL_CLAMD (docs/operating.md)."
    return [Warned("No virus scanner looks through the files that people upload.", hint=hint, id="core.W001")]


@register(Tags.security, deploy=True)
def backups_are_encrypted(app_configs, **kwargs):
    """Warn where no backup can be made: there is no public key to encrypt it to."""
    try:
        recipients(settings.BACKUP_PUBLIC_KEY)
    except SealingError as error:
        hint = "Make a pair elsewhere, keep its private key there, and set the public one (docs/operating.md)."
        return [Warned(str(error), hint=hint, id="core.W002")]
    return []
