"""Error pages: what went wrong and what can be done, in the shell that the person uses."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import faults
from portal.core.requests import request_id

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

logger = logging.getLogger("portal.errors")
RETRY_SECONDS = 30
# Status and message for each kind of outside fault.
OUTAGES = {
    faults.AWAY: (
        503,
        gettext_lazy(
            "The portal cannot read its data at the moment. Nothing that was saved is lost; please "
            "try again in a minute."
        ),
    ),
    faults.BUSY: (
        503,
        gettext_lazy("This took too long and was cancelled; nothing was changed. Please try again in a minute."),
    ),
    faults.FULL: (507, faults.NO_ROOM),
}


def refuse(
    request: HttpRequest, status: int, message: str | Promise, page: str | None = None, **context: object
) -> HttpResponse:
    """Return the error page for ``status`` with a message.

    If the page cannot be rendered, the response is plain text.
    """
    name = f"errors/{page or status}.html"
    words = {"message": message, "status": status, **context}
    try:
        try:
            body = render_to_string(name, words, request=request)
        except TemplateDoesNotExist:
            body = render_to_string("errors/error.html", words, request=request)
    except Exception as error:
        # A request without a session comes from the outage page itself, so it is not tried again.
        if hasattr(request, "session") and (found := outage_page(request, error)):
            return found
        logger.exception("error page %s did not render", status)
        return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(request, 400, _("The submitted data cannot be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(request, 403, _("This is within your scope, but your duty does not allow this step."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(request, 404, _("There is nothing here for you: the address is wrong, or it is outside your scope."))


def outage_page(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the response to an outside fault (``faults.kind_of``), None for any other error.

    It is made without the database, in the shell of visitors and without a user; the session is left alone, so that
    nobody is signed out. A program gets JSON, htmx gets only the message.
    """
    kind = faults.kind_of(error)
    if error is None or kind is None:
        return None
    faults.note_error(error)
    status, words = OUTAGES[kind]
    logger.error("outage %s: %s", kind, f"{type(error).__name__} {faults.code_of(error)}".strip())
    if request.headers.get("HX-Request"):
        text = render_to_string("components/note.html", {"tone": "error", "words": words})
        response = HttpResponse(text, status=status)
    elif request.content_type == "application/json" or not request.accepts("text/html"):
        response = JsonResponse({"status": status, "error": str(words)}, status=status)
    else:
        response = refuse(_nobodys(request), status, words)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    # The error is logged above; a traceback for each request would hide it.
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
    response.outage = kind  # type: ignore[attr-defined]  # for the middleware
    return response


def _nobodys(request: HttpRequest) -> HttpRequest:
    """Return a copy of the request without user and session; the original is not changed."""
    copied = object.__new__(type(request))
    copied.__dict__ |= {name: value for name, value in vars(request).items() if name not in ("session", "_messages")}
    copied.__dict__ |= {"user": AnonymousUser(), "shell": "plain"}
    return copied


def server_error(request: HttpRequest) -> HttpResponse:
    if page := outage_page(request, sys.exc_info()[1]):
        return page
    reference = request_id() or secrets.token_hex(8)
    logger.error("server error %s", reference)
    return refuse(
        request,
        500,
        _("An error occurred in the portal. Nothing you had saved is lost; please try again."),
        reference=reference,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = _("This page was open for too long or in two windows. Go back, reload it, and send it again.")
    return refuse(request, 403, words, page="csrf")
