"""Middleware for every request: request id, hostile input, sign-in, caching, error pages."""

import logging
import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control

from portal.core import faults, limits
from portal.core.discovery import in_service, out_of_service
from portal.core.errors import DomainError, TooMany
from portal.core.guard import counting
from portal.core.logs import shown_path
from portal.core.requests import clean_id, numbered
from portal.core.text import whole_number
from portal.web.errors import outage_page, refuse

logger = logging.getLogger("portal.request")
TOO_COSTLY = gettext_lazy(
    "You have opened this page too often within an hour. It needs a lot of computing: please try again later."
)
# Requested by machines every few seconds; their log lines would hide the others.
UNLOGGED = {"/healthz", "/readyz", "/metrics"}
SERVER_ERRORS = 500
# The largest bigint of PostgreSQL.
LARGEST_ROW = 2**63 - 1


def _broken(text):
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)


class RequestIdMiddleware:
    """Gives the request an id: a proxy's X-Request-Id of the right shape, else a new one.

    The response carries the id. One log line is written for each request: method, path without its query, status,
    milliseconds; nothing about the person. Answers of 500 and more are counted, except those to probes: a monitor that
    asks a failing portal is not a person.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begun = time.monotonic()
        with numbered(clean_id(request.headers.get("X-Request-Id"))) as number, counting():
            request.number = number
            response = self.get_response(request)
            response.headers["X-Request-Id"] = number
            if request.path not in UNLOGGED:
                milliseconds = round((time.monotonic() - begun) * 1000)
                extra = {"method": request.method, "path": shown_path(request.path), "status": response.status_code}
                logger.info("answered", extra={**extra, "ms": milliseconds})
                if response.status_code >= SERVER_ERRORS:
                    faults.note(faults.SERVER_ERROR)
            # Not while the database is away: a later answer writes the count.
            if getattr(response, "outage", None) != faults.AWAY:
                faults.write()
        return response


class AreasInServiceMiddleware:
    """Answers 404 to every address of an area out of service, including its pages in the admin.

    The addresses stay in the URLconf, because stored links and ``get_absolute_url`` still name them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if match.app_name == "admin":
            label = kwargs.get("app_label") or (match.url_name or "")
            closed = any(label == area or label.startswith(f"{area}_") for area in out_of_service())
        else:
            closed = not in_service(match.app_name)
        if closed:
            raise Http404


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and adds a random number of bytes to each; files are sent unchanged.

    The random length prevents guesses by the size of an answer (BREACH); a compressing proxy does not add it.
    """

    def process_response(self, request, response):
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class HostileInputMiddleware:
    """Answers 400 or 413 to input that no view should get: NUL, lone surrogates, bodies over the limit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _broken(request.path_info):
            return refuse(request, 400, _("This address cannot be read."))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if whole_number(length, settings.MAX_BODY_BYTES) is None:
            return refuse(request, 413, _("The submitted data is too large: at most 25 MB can be sent at once."))
        try:
            parts = [request.GET]
            if request.method == "POST" and not request.content_type.startswith("multipart/"):
                parts.append(request.POST)
            for part in parts:
                for key, values in part.lists():
                    if _broken(key) or any(_broken(value) for value in values):
                        return refuse(request, 400, _("The submitted data contains characters that cannot be read."))
        except RequestDataTooBig:
            return refuse(request, 413, _("The submitted data is too large: at most 25 MB can be sent at once."))
        except (SuspiciousOperation, TooManyFilesSent, ValueError):
            return refuse(request, 400, _("The submitted data cannot be read."))
        return self.get_response(request)


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Requires sign-in for every page that is not marked ``login_not_required``.

    An htmx request is redirected to the sign-in as a whole page.
    """

    def handle_no_permission(self, request, view_func):
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            refused = redirect(response.url)
            refused.status_code = 200
            refused["HX-Redirect"] = response.url
            del refused["Location"]
            return refused
        return response


class RowNumberMiddleware:
    """Answers 404 to an address with an id that no row can have; PostgreSQL refuses to compare with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if any(isinstance(value, int) and value > LARGEST_ROW for value in kwargs.values()):
            raise Http404


class CostMiddleware:
    """Limits how often a person opens views that need much computing; 429 above the limit of an hour.

    A view names the kind of its work: ``cost`` for every method, ``cost_of_post`` for submitting its form. The request
    is counted before the view runs, and by person, so that nobody uses up another's share.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        found = getattr(view, "view_class", None)
        kind = getattr(found, "cost", "") or (getattr(found, "cost_of_post", "") if request.method == "POST" else "")
        if kind and request.user.is_authenticated:
            try:
                limits.consume(f"cost.{kind}", str(request.user.pk), limit=settings.COSTLY_PER_HOUR[kind], seconds=3600)
            except TooMany as error:
                return refuse(request, error.status, TOO_COSTLY)
        return None


def public_page(view):
    """Return the view class open to visitors; their browsers may store the page but must revalidate it."""
    kept = method_decorator(cache_control(no_cache=True, private=True), name="dispatch")
    return method_decorator(login_not_required, name="dispatch")(kept(view))


class PagePolicyMiddleware:
    """Forbids browsers and proxies to store a page, unless a public view allows it.

    A view allows it with ``public_page``. Signed-in people and refusals get ``no-store`` there too. Fragments and whole
    pages are cached separately. This middleware is outside of all that may answer, so that their refusals pass through
    it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if response.status_code != 200 or "Cache-Control" not in response or request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"
        )
        return response


class InsideWeChatMiddleware:
    """Leads from a download inside WeChat to a page that says how to open the browser.

    WeChat shows pages and saves no files. After the browser has opened that page, it goes on to the download, or to the
    page with its button where the download answers a POST. A parameter ``here`` asks for the file all the same, because
    WeChat shows some kinds of documents on some phones.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        saved = response.headers.get("Content-Disposition", "").startswith("attachment")
        if not saved or not is_inside_wechat(request) or "here" in request.GET:
            return response
        # Closing the answer as a whole would end the request, and its connection to the database.
        if stream := getattr(response, "file_to_stream", None):
            stream.close()
        if request.method == "GET":
            words = {"next": request.get_full_path(), "link": 1}
        else:
            words = {"next": _page_before(request)}
        return redirect(f"{reverse('web:browser')}?{urlencode(words)}")


def is_inside_wechat(request):
    """Return whether the page is shown inside WeChat, by what the phone says of itself."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def _page_before(request):
    """Return the address of the portal's page from which the request was sent, "/" if that is not known."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before._replace(scheme="", netloc="").geturl() if before.netloc == request.get_host() else "/"


class DomainErrorMiddleware(MiddlewareMixin):
    """Shows a refusal that no form handled, or an outside fault, as a page with its message."""

    def process_exception(self, request, exception):
        if isinstance(exception, DomainError):
            return refuse(request, exception.status, exception.message)
        if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
            return refuse(request, 413, _("The submitted data is too large: at most 25 MB can be sent at once."))
        return outage_page(request, exception)
