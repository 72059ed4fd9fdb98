"""Opens a page as a given reader outside the reader's own request, with all checks of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponseBase
    from django.urls import ResolverMatch

    from portal.members.models import Member


def find(path: str) -> tuple[ResolverMatch, type | None]:
    """Return the URL match of ``path`` and its view class; raises Http404 if there is none."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    return match, getattr(match.func, "view_class", None)


def enter(*, actor: Member, address: str, session: Mapping[str, object] | None = None) -> HttpResponseBase:
    """Return the response to a GET of ``address`` by ``actor``.

    Raises Http404 and PermissionDenied as the page does.
    """
    path, _mark, query = address.partition("?")
    match, _view_class = find(path)
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META |= {"QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.GET = QueryDict(query)
    request.user = actor
    request.session = session or {}  # type: ignore[assignment]  # a mapping is all that is read of it
    request.resolver_match = match
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as its middleware sets it
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response
