"""To-do items of notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.choices import Area, Capability
from portal.core.guard import each
from portal.core.querysets import within
from portal.members.selectors import nobody_nearer
from portal.notices.choices import NoticeState
from portal.notices.models import Notice
from portal.web.todo import Todo

if TYPE_CHECKING:
    from portal.members.models import Member

# After this time an unapproved notice is also on the to-do lists of everyone above who may approve it.
PASSED_UP_AFTER = timedelta(days=14)


def items_for(actor: Member) -> list[Todo]:
    """Return the to-do items of notices for ``actor``: to approve, to correct and to publish.

    A notice to approve is listed for an actor when nobody nearer may approve it. Each item is due when its notice
    should appear. One query reads all of them.
    """
    edits = within(actor.reach(Area.NOTICES, Capability.EDIT), "organization__path")
    waiting = Q()
    if actor.reach(Area.NOTICES, Capability.APPROVE):
        late = Q(submitted_at__lt=timezone.now() - PASSED_UP_AFTER)
        hers = nobody_nearer(actor, Area.NOTICES, Capability.APPROVE, but=("submitted_by", "created_by"), late=late)
        waiting |= hers & Q(state=NoticeState.SUBMITTED) & ~Q(submitted_by=actor) & ~Q(created_by=actor)
    if edits is not None:
        hers = Q(state=NoticeState.RETURNED) | Q(state=NoticeState.APPROVED, publish_from=None)
        waiting |= edits & Q(created_by=actor) & hers
    if not waiting:
        return []
    looks = {
        NoticeState.SUBMITTED: (_("Approve the notice “%(title)s”"), "check"),
        NoticeState.RETURNED: (_("Correct the notice “%(title)s” and submit it again"), "edit"),
        NoticeState.APPROVED: (_("Publish the notice “%(title)s”"), "speakerphone"),
    }
    notices = Notice.objects.filter(waiting).order_by("submitted_at", "pk")[:100]
    return list(each(notices, lambda notice: _item(notice, *looks[NoticeState(notice.state)])))


def _item(notice: Notice, sentence: str, icon: str) -> Todo:
    return Todo(sentence % {"title": notice.title}, notice.get_absolute_url(), icon, notice.publish_from)
