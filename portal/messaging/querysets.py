"""Which messages and jobs a person sees, and which are due."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.discovery import out_of_service
from portal.messaging.choices import OPEN_ROOMS, Channel, JobState, MessageState, quiet_until

if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Self

    from portal.members.models import Member
    from portal.messaging.models import Job, Message, TodoDelegation


def of_areas_out_of_service() -> Q:
    """Return the condition that a row's ``kind`` is of an area out of service: it stays and is held."""
    return reduce(or_, (Q(kind__startswith=f"{area}.") for area in out_of_service()), Q(pk__in=[]))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Member) -> Self:
        """Her own messages in the portal; nobody reads another's.

        While private pages are closed, those of accounts and notices alone: the others tell of pairs and introductions.
        """
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        rows = self.filter(~of_areas_out_of_service(), recipient=actor, channel=Channel.IN_APP).order_by("-id")
        if not actor.opens_secrets:
            rows = rows.filter(reduce(or_, (Q(kind__startswith=f"{room}.") for room in OPEN_ROOMS)))
        return rows

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def due(self) -> Self:
        """Outside messages to be sent now; those of areas out of service are held until the area is back."""
        now = timezone.now()
        due = self.filter(~of_areas_out_of_service(), state=MessageState.WAITING, due_at__lte=now).exclude(
            channel=Channel.IN_APP
        )
        return due.exclude(channel=Channel.SMS, urgent=False) if quiet_until(now) else due

    def given_up(self, actor: Member) -> Self:
        """The dead letters, for whoever sees the system area."""
        if not getattr(actor, "is_authenticated", False) or not actor.reach(Area.SYSTEM, Capability.VIEW):
            return self.none()
        return self.filter(state=MessageState.DEAD)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Member) -> Self:
        """Her own jobs."""
        return self.filter(actor=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def to_dispatch(self, *, again_after: timedelta) -> Self:
        """Queued jobs not handed to a worker lately, and running ones whose worker has fallen silent.

        Those of areas out of service stay where they are.
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
        """What she passed on herself."""
        return self.filter(given_by=actor) if getattr(actor, "is_authenticated", False) else self.none()

    def standing(self) -> Self:
        return self.filter(ended_at=None)
