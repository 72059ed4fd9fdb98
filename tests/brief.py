"""URLs and a middleware that answer quickly when a test checks who gets which status, not the words.

A request marked ``BRIEF`` gets its status, headers and writes but no page: everything that is decided before the page
is rendered. A request marked ``BRIEF`` with ``REFUSALS`` gets its page, except where it is refused. Every other request
meets the unchanged portal.
"""

from django.http import HttpResponse

from portal.urls import *  # noqa: F403 - the error handlers as well
from portal.urls import handler400 as bad_request
from portal.urls import handler403 as forbidden
from portal.urls import handler404 as not_found

BRIEF, REFUSALS = "tests.brief", "refusals"


def _short(handler, status):
    def refuse(request, exception=None):
        return HttpResponse("", status=status) if request.META.get(BRIEF) else handler(request, exception)

    return refuse


handler400 = _short(bad_request, 400)
handler403 = _short(forbidden, 403)
handler404 = _short(not_found, 404)


class BriefMiddleware:
    """Middleware that does not render the page of a marked request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        if request.META.get(BRIEF) is True:
            response.content = b""
        return response
