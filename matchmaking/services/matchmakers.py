"""Services for the volunteer matchmakers of an event and the even distribution of participants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents
from matchmaking.models import Block, EventMatchmaker, MatchEvent, Participation
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.members.models import Consent, Member
from portal.messaging.services.touching import touch
from portal.signups.choices import LIVE

if TYPE_CHECKING:
    from collections.abc import Collection


@transaction.atomic
def matchmakers_set(*, event: MatchEvent, members: Collection[Member], actor: Member) -> int:
    """Make ``members`` the matchmakers of an event; return how many participants were assigned.

    New matchmakers begin today, others end today.
    """
    event = locks.hold(event)
    today = timezone.localdate()
    taking_part = set(event.signups.filter(member__in=members, state__in=LIVE).values_list("member_id", flat=True))
    if taking_part:
        raise DomainError(_("A participant of the event cannot be its matchmaker."), code="takes-part")
    standing = {row.member_id: row for row in event.matchmakers.filter(valid_until=None)}
    wanted = {member.pk: member for member in members}
    ended = [row for pk, row in standing.items() if pk not in wanted]
    for row in ended:
        row.participations.update(matchmaker=None)
        if row.valid_from >= today:
            row.delete()
        else:
            row.valid_until = today
            row.save(update_fields=["valid_until"])
    EventMatchmaker.objects.bulk_create(
        EventMatchmaker(event=event, member=member, valid_from=today, given_by=actor)
        for pk, member in wanted.items()
        if pk not in standing
    )
    touch(EventMatchmaker._meta.label_lower, event.organization_id, event.starts_at, event.starts_at)
    audit_record(actor=actor, action="event.matchmakers", about=event, data={"count": len(wanted)})
    return matchmakers_assign(event=event, actor=actor)


@transaction.atomic
def matchmakers_assign(*, event: MatchEvent, actor: Member) -> int:
    """Distribute the participants evenly, list by list; return how many were assigned.

    Loads differ by at most one where nobody has blocked anybody. A participant who blocked a matchmaker, or is blocked
    by one, gets another matchmaker.
    """
    event = locks.hold(event)
    matchmakers = list(event.matchmakers.filter(valid_until=None).order_by("pk"))
    if not matchmakers:
        return 0
    rows = list(event.signups.filter(state__in=LIVE).order_by("pool", "place"))
    apart = Block.objects.apart({row.member_id for row in rows} | {one.member_id for one in matchmakers})
    loads, others = dict.fromkeys((one.pk for one in matchmakers), 0), set()
    for row in rows:
        able = [one for one in matchmakers if frozenset((row.member_id, one.member_id)) not in apart]
        found = min(able, key=lambda one: loads[one.pk], default=None)
        if found is not None:
            loads[found.pk] += 1
        if row.matchmaker_id != (found and found.pk):
            others.add(row.member_id)
        row.matchmaker = found
    Participation.objects.bulk_update(rows, ["matchmaker"], batch_size=1000)
    _leave_ends(event, others)
    shared = sum(loads.values())
    audit_record(actor=actor, action="event.assign", about=event, data={"count": shared})
    return shared


def _leave_ends(event: MatchEvent, members: Collection[int]) -> None:
    """End the consents of ``members`` (pks) to inform their matchmaker about pairs.

    The consent was given for the matchmaker they had.
    """
    given = Consent.objects.standing().filter(
        purpose=consents.PAIR_MATCHMAKER.code, about_id__in=event.pairs.values("pk"), member__in=members
    )
    given.update(withdrawn_at=timezone.now())
