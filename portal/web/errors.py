"""Error pages: what went wrong and what can be done, in the shell the person is in."""

import logging
import secrets

from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.core.requests import request_id

logger = logging.getLogger("portal.errors")


def refuse(request, status, message, page=None, **context):
    """Return the error page for ``status`` with a sentence; a plain text page if even that fails to render."""
    name = f"errors/{page or status}.html"
    words = {"message": message, "status": status, **context}
    try:
        try:
            body = render_to_string(name, words, request=request)
        except TemplateDoesNotExist:
            body = render_to_string("errors/error.html", words, request=request)
    except Exception:
        logger.exception("error page %s did not render", status)
        return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(body, status=status)


def bad_request(request, exception=None):
    return refuse(request, 400, _("What was sent cannot be read."))


def forbidden(request, exception=None):
    return refuse(request, 403, _("This belongs to your reach, but your duty does not allow this step."))


def not_found(request, exception=None):
    return refuse(request, 404, _("There is nothing here for you: the address is wrong, or it is outside your reach."))


def server_error(request):
    reference = request_id() or secrets.token_hex(8)
    logger.error("server error %s", reference)
    return refuse(
        request,
        500,
        _("Something went wrong on our side. Nothing you had saved is lost; please try again."),
        reference=reference,
    )


def csrf_failure(request, reason=""):
    words = _("This page was open for too long or in two windows. Go back, reload it, and send it again.")
    return refuse(request, 403, words, page="csrf")
