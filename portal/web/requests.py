"""What a request carries beside Django's own, for those who annotate it; no object is of these classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from portal.members.models import Member
    from portal.web.todo import Todo


class PortalRequest(HttpRequest):
    """``shell`` is what a view chose for its page, ``htmx`` what the middleware read of the headers."""

    shell: str
    htmx: HtmxDetails
    _todo_items: list[Todo]


class MemberRequest(PortalRequest):
    """A request to a page that asks its reader to sign in first."""

    user: Member
