"""Request attributes beyond Django's own, for type annotations; no object has these classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from portal.members.models import Member
    from portal.web.todo import Todo


class PortalRequest(HttpRequest):
    """A request with the attributes that the portal adds.

    ``shell`` is the shell that a view chose for its page; ``htmx`` is what the middleware read from the headers.
    """

    shell: str
    htmx: HtmxDetails
    _todo_items: list[Todo]


class MemberRequest(PortalRequest):
    """A request to a page that requires sign-in."""

    user: Member
