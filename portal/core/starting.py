"""What serving processes ask of the database before they serve: web server, worker and beat do not start otherwise."""

import logging

from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection

logger = logging.getLogger(__name__)


def check_database() -> None:
    """Raise ImproperlyConfigured for what the checks of the database refuse (portal.core.checks).

    A database that does not answer stops nothing: the pages say so, and /readyz asks again once it is back.
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
