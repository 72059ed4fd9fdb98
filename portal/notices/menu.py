"""Notices in the menus and on the first pages."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.notices.models import Notice
from portal.web.menu import Entry

SECTION = _("Notices")


def unread_notices(actor):
    """Count what is posted for her and not confirmed."""
    return Notice.objects.addressed_to(actor).unread_by(actor).count()


ENTRIES = [
    Entry("desk", _("Notices for me"), "notices:posted-list", "speakerphone", 10, SECTION, count=unread_notices),
    Entry("desk", _("Write and approve notices"), "notices:notice-list", "writing", 11, SECTION, area=Area.NOTICES),
    Entry("member", _("Notices"), "notices:posted-list", "speakerphone", order=30, count=unread_notices),
]


def _newest(actor, count):
    notices = Notice.objects.addressed_to(actor)
    if actor.is_authenticated:
        notices = notices.unread_by(actor)
    return list(notices.for_list().order_by("-published_at", "-pk")[:count])


def _blocks(actor, count):
    notices = _newest(actor, count)
    return [("notices/_notice_home.html", {"notices": notices})] if notices else []


def landing_blocks(request):
    """Public notices, for visitors."""
    return _blocks(request.user, 5)


def member_blocks(request):
    """What she has not confirmed yet."""
    return _blocks(request.user, 3)


def provisional_blocks(request):
    """Notices are open to provisional accounts too."""
    return _blocks(request.user, 3)


def desk_blocks(request):
    """What she has not confirmed yet."""
    return _blocks(request.user, 3)
