"""Well-known addresses for browsers, search engines and finders of security weaknesses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

# RFC 9116: less than a year ahead. It is counted from the day of the request, so it is never in the past.
EXPIRES = timedelta(days=90)
ROBOTS = """User-agent: *
Allow: /$
Allow: /notices/
Allow: /statistics/published/
Allow: /static/
Disallow: /
"""


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon, for programs that do not read the link in the page."""
    return redirect(static("favicon.ico"))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Allow search engines the public pages, and nothing else."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return the contact for reports of a weakness (RFC 9116); 404 while none is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    address = settings.SITE_URL.rstrip("/") + reverse("web:security-txt")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {midnight + EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {address}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
