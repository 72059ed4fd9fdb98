"""Database checks at the start: web server, worker and beat do not start if one of them fails."""

import logging

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

logger = logging.getLogger(__name__)


def check_database() -> None:
    """Raise ImproperlyConfigured for anything that the database checks refuse (portal.core.checks).

    A database that does not answer does not prevent the start: the pages say so, and /readyz asks again once it is
    back.
    """
    try:
        errors = [found for found in run_checks(tags=[Tags.database], databases=["default"]) if found.is_serious()]
    except OperationalError as error:
        logger.warning("the database was not checked at the start: %s", type(error).__name__)
        return
    finally:
        connection.close()
    if errors:
        raise ImproperlyConfigured("; ".join(f"{error.msg} ({error.id}: {error.hint})" for error in errors))
