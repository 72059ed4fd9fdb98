"""Addresses for a load balancer and a monitor: health, readiness, metrics."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from portal.core import limits, metrics
from portal.core.choices import Area, Capability
from portal.core.errors import TooMany
from portal.core.health import all_checks, info
from portal.web.address import client_address

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from portal.members.models import Member

logger = logging.getLogger(__name__)
# A shorter token could be guessed; it is never accepted.
LEAST_CHARACTERS = 32
QUARTER = 15 * 60


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok" if the process runs and the database answers, 503 if the database does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 or 503: whether database, beat, worker, outbox and disks work.

    It is for a monitor, not for the load balancer: people sign in and register while the worker is down. Strangers get
    only this one word; system administrators, and a monitor with its token, also get the checks and the names of those
    that fail.
    """
    found = all_checks()
    well = all(check.well for check in found if check.grave)
    answer: dict[str, object] = {"ready": well}
    if is_monitor(request) or (found[0].well and _keeps_the_system(request.user)):
        answer["failing"] = [check.name for check in found if not check.well]
        answer["checks"] = {check.name: {"well": check.well, "value": str(check.value)} for check in found}
    response = JsonResponse(answer, status=200 if well else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Return the checks as metrics to a monitor with its token; 404 for anybody else."""
    if not is_monitor(request):
        raise Http404
    response = HttpResponse(metrics.exposition(all_checks(), info()), content_type=metrics.CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_monitor(request: HttpRequest) -> bool:
    """Return whether the request carries the monitor's token (Authorization: Bearer ...).

    Each try is counted before it is checked and given back if the token was right; above the limit of wrong tries the
    right token is refused too. Without a database nothing can be counted, and the length of the token has to be enough
    protection.
    """
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.MONITOR_TOKEN
    if scheme.lower() != "bearer" or not given or len(token) < LEAST_CHARACTERS:
        return False
    network, taken = limits.network_of(client_address(request)), None
    try:
        taken = limits.take(limits.Limit("monitor", network, settings.MONITOR_WRONG_TOKENS, QUARTER))
    except TooMany:
        logger.warning("monitor: too many wrong tokens from one network")
        return False
    except Error as error:
        logger.warning("monitor: tries cannot be counted: %s", type(error).__name__)
    right = constant_time_compare(given.strip(), token)
    if right and taken:
        taken.give_back()
    return right


def _keeps_the_system(user: Member | AnonymousUser) -> bool:
    return user.is_authenticated and bool(user.reach(Area.SYSTEM, Capability.VIEW))
