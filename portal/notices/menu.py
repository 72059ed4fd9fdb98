"""Menu entries and home page blocks of notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.notices.models import Notice
from portal.web.menu import Entry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from portal.members.models import Member

    Blocks = list[tuple[str, dict[str, object]]]

SECTION = _("Notices")


def unread_notices(actor: Member) -> int:
    """Return the number of posted notices for ``actor`` that are not confirmed yet."""
    return Notice.objects.addressed_to(actor).unread_by(actor).count()


ENTRIES = [
    Entry("desk", _("Notices for me"), "notices:posted-list", "speakerphone", 10, SECTION, count=unread_notices),
    Entry("desk", _("Write and approve notices"), "notices:notice-list", "writing", 11, SECTION, area=Area.NOTICES),
    Entry("member", _("Notices"), "notices:posted-list", "speakerphone", order=30, count=unread_notices),
]


def _newest(actor: Member | AnonymousUser, count: int) -> list[Notice]:
    notices = Notice.objects.addressed_to(actor)
    if actor.is_authenticated:
        notices = notices.unread_by(actor)
    return list(notices.for_list().order_by("-published_at", "-pk")[:count])


def _blocks(actor: Member | AnonymousUser, count: int) -> Blocks:
    notices = _newest(actor, count)
    return [("notices/_notice_home.html", {"notices": notices})] if notices else []


def landing_blocks(request: HttpRequest) -> Blocks:
    """Return the block of public notices for visitors."""
    return _blocks(request.user, 5)


def member_blocks(request: HttpRequest) -> Blocks:
    """Return the block of notices that the member has not confirmed yet."""
    return _blocks(request.user, 3)


def provisional_blocks(request: HttpRequest) -> Blocks:
    """Return the block of unconfirmed notices; provisional accounts may read notices too."""
    return _blocks(request.user, 3)


def desk_blocks(request: HttpRequest) -> Blocks:
    """Return the block of notices that the member of staff has not confirmed yet."""
    return _blocks(request.user, 3)
