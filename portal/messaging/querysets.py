"""Which messages, jobs and delegations a person sees, and which are due."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.discovery import out_of_service
from portal.messaging.choices import OPEN_AREAS, Channel, JobState, MessageState, quiet_until

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Self

    from portal.members.models import Member
    from portal.messaging.models import Job, Message, TodoDelegation


def of_areas_out_of_service() -> Q:
    """Return the condition for rows whose ``kind`` belongs to an area out of service.

    These rows are kept and held.
    """
    return reduce(or_, (Q(kind__startswith=f"{area}.") for area in out_of_service()), Q(pk__in=[]))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the actor's own messages in the portal; nobody reads another's.

        While private pages are closed, only messages about accounts and notices: the others mention pairs and
        introductions.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        rows = self.filter(~of_areas_out_of_service(), recipient=actor, channel=Channel.IN_APP).order_by("-id")
        if not actor.opens_secrets:
            rows = rows.filter(reduce(or_, (Q(kind__startswith=f"{area}.") for area in OPEN_AREAS)))
        return rows

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def due(self) -> Self:
        """Return the outside messages to be sent now.

        Messages of an area out of service are held until the area is back.
        """
        now = timezone.now()
        due = self.filter(~of_areas_out_of_service(), state=MessageState.WAITING, due_at__lte=now).exclude(
            channel=Channel.IN_APP
        )
        return due.exclude(channel=Channel.SMS, urgent=False) if quiet_until(now) else due

    def given_up(self, actor: Member) -> Self:
        """Return the messages that were given up, if ``actor`` may view the system area."""
        if not getattr(actor, "is_authenticated", False) or not actor.reach(Area.SYSTEM, Capability.VIEW):
            return self.none()
        return self.filter(state=MessageState.DEAD)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the actor's own jobs."""
        return self.filter(actor=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def to_dispatch(self, *, again_after: timedelta) -> Self:
        """Return queued jobs not dispatched lately, and running jobs whose lease has passed.

        Jobs of areas out of service are left alone.
        """
        now = timezone.now()
        silent = now - again_after
        return self.filter(
            ~of_areas_out_of_service(),
            Q(state=JobState.QUEUED) & (Q(dispatched_at=None) | Q(dispatched_at__lt=silent))
            | Q(state=JobState.RUNNING, lease_until__lt=now),
        )


class TodoDelegationQuerySet(models.QuerySet["TodoDelegation"]):
    def visible_to(self, actor: Member) -> Self:
        """Return the to-do items that the actor passed on."""
        return self.filter(given_by=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def standing(self) -> Self:
        return self.filter(ended_at=None)
