"""The portal with answers that are quick to make where a test asks who is answered what, and not in which words.

A request marked ``BRIEF`` gets its status, headers and writes, and no page: all that is decided before the page is
drawn. One marked ``BRIEF`` with ``REFUSALS`` gets its page, and none where it is refused. Every other request meets the
portal as it is.
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
    """Leaves the page of a marked request undrawn."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        if request.META.get(BRIEF) is True:
            response.content = b""
        return response
