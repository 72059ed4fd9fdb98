"""Which notices a reader sees: by her duties as an author, or as one whom they address."""

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
    """Return the condition "addresses one of ``organizations``": the target is it or stands above it, on its level."""
    found = Q()
    for place in organizations:
        line = [*place.ancestor_ids, place.pk]
        found |= Q(target_id__in=line) & (Q(levels=[]) | Q(levels__contains=[place.level]))
    return found & Q(audience__in=audiences) if found else None


class NoticeQuerySet(OrgScopedQuerySet["Notice"]):
    """Notices by the organisation that issues them; ``visible_to`` is the authors' and approvers' side."""

    area = Area.NOTICES

    def posted(self) -> Self:
        """Published, and inside their window now."""
        now = timezone.now()
        return self.filter(state=NoticeState.PUBLISHED, published_at__lte=now).filter(
            Q(publish_until=None) | Q(publish_until__gt=now)
        )

    def addressed_to(self, actor: Member | AnonymousUser | None) -> Self:
        """What is posted for ``actor``: public notices for a visitor, and those for her unit and her duties.

        A notice of /1/14/ for members of grassroots unions is read by who belongs to the union /1/14/203/, not by who
        belongs to the city /1/14/ itself, and not by anybody of /1/140/.
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
        """Those ``actor`` has not confirmed yet."""
        reads = apps.get_model("notices", "NoticeRead").objects
        return self.exclude(Exists(reads.filter(notice=OuterRef("pk"), member=actor)))

    def for_list(self) -> Self:
        return self.select_related("organization", "target")


class NoticeFileQuerySet(models.QuerySet["NoticeFile"]):
    """Attachments through the notice they hang on."""

    def open_to(self, actor: Member) -> Self:
        """Files of notices that address ``actor`` or that she sees as an author."""
        notices = apps.get_model("notices", "Notice").objects
        seen = notices.visible_to(actor)
        return self.filter(Q(notice__in=notices.addressed_to(actor)) | Q(notice__in=seen))
