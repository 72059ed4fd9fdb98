"""Which notices a person sees: as an author or approver by duty, or as a reader they address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.notices.choices import Audience, NoticeState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from portal.members.models import Member
    from portal.notices.models import Notice, NoticeFile
    from portal.organizations.models import Organization


def _reaches(organizations: Iterable[Organization], audiences: Iterable[str]) -> Q | None:
    """Return the condition that a notice addresses one of ``organizations``, or None without any.

    The target is the organisation or one above it, and the notice is open to the level of the organisation.
    """
    found = Q()
    for place in organizations:
        line = [*place.ancestor_ids, place.pk]
        found |= Q(target_id__in=line) & (Q(levels=[]) | Q(levels__contains=[place.level]))
    return found & Q(audience__in=audiences) if found else None


class NoticeQuerySet(OrgScopedQuerySet["Notice"]):
    """Notices by the organisation that issues them; ``visible_to`` is for authors and approvers."""

    area = Area.NOTICES

    def posted(self) -> Self:
        """Narrow to notices that are published and inside their publication window now."""
        now = timezone.now()
        return self.filter(state=NoticeState.PUBLISHED, published_at__lte=now).filter(
            Q(publish_until=None) | Q(publish_until__gt=now)
        )

    def addressed_to(self, actor: Member | AnonymousUser | None) -> Self:
        """Narrow to the posted notices that address ``actor``.

        A visitor gets the public notices; a member also gets those for their unit and their duties. A notice of /1/14/
        for members of grassroots unions is read by a member of the union /1/14/203/, but not by a member who belongs to
        the city /1/14/ itself, and by nobody of /1/140/.
        """
        reach = Q(audience=Audience.PUBLIC)
        if actor is not None and actor.is_authenticated:
            duties = [duty.organization for duty in actor.duties]
            unit = [actor.organization] if actor.organization is not None else []
            for part in (
                _reaches(duties, [Audience.STAFF, Audience.MEMBERS]),
                _reaches(unit, [Audience.MEMBERS]),
            ):
                reach |= part or Q()
        return self.posted().filter(reach)

    def unread_by(self, actor: Member) -> Self:
        """Narrow to notices that ``actor`` has not confirmed yet."""
        reads = apps.get_model("notices", "NoticeRead").objects
        return self.exclude(Exists(reads.filter(notice=OuterRef("pk"), member=actor)))

    def for_list(self) -> Self:
        return self.select_related("organization", "target")


class NoticeFileQuerySet(models.QuerySet["NoticeFile"]):
    """Attachments, scoped by the notice they belong to."""

    def open_to(self, actor: Member) -> Self:
        """Narrow to files of notices that address ``actor`` or that ``actor`` sees as an author or approver."""
        notices = apps.get_model("notices", "Notice").objects
        seen = notices.visible_to(actor)
        return self.filter(Q(notice__in=notices.addressed_to(actor)) | Q(notice__in=seen))
