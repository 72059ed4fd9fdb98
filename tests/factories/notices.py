"""Builders of notices."""

from itertools import count

from django.utils import timezone

from portal.notices.choices import ONCE_PUBLISHED, NoticeState
from portal.notices.models import Notice
from tests.factories.members import make_member, make_staff

_numbers = count(1)


def make_notice(organization, **fields):
    """Create a notice of ``organization`` in any state, with the people and times that the state requires."""
    state = fields.pop("state", NoticeState.DRAFT)
    fields = {"title": f"示例通知{next(_numbers)}", "body": "第一段。\n\n第二段。", "target": organization, **fields}
    author = fields.pop("created_by", None) or make_staff(organization)
    notice = Notice(organization=organization, created_by=author, state=state, **fields)
    if state != NoticeState.DRAFT:
        notice.submitted_by, notice.submitted_at = author, timezone.now()
    if state in (NoticeState.APPROVED, *ONCE_PUBLISHED):
        notice.approved_by = notice.approved_by or make_member(organization)
    if state in ONCE_PUBLISHED:
        notice.published_at = notice.published_at or timezone.now()
    notice.save(force_insert=True)
    return Notice.objects.get(pk=notice.pk)
