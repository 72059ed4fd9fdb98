"""Services for venues."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import RESERVING
from matchmaking.models import MatchEvent, Venue
from portal.audit.services import row_create, row_update
from portal.core import locks
from portal.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from django_stubs_ext import StrOrPromise

    from portal.members.models import Member
    from portal.organizations.models import Organization

CONSTRAINT = "matchmaking_event_venue_free"
OPENS, CLOSES = time(8), time(22)


def venue_taken(
    venue: Venue, begins: datetime, ends: datetime, *, but: int | None = None
) -> list[tuple[datetime, datetime]]:
    """Return (begins, ends) of the events that reserve ``venue`` between two moments, earliest first."""
    rows = MatchEvent.objects.filter(venue=venue, state__in=RESERVING, starts_at__lt=ends, ends_at__gt=begins)
    if but is not None:
        rows = rows.exclude(pk=but)
    return list(rows.order_by("starts_at").values_list("starts_at", "ends_at"))


def venue_free(venue: Venue, day: date, *, but: int | None = None) -> list[tuple[datetime, datetime]]:
    """Return the free times of ``venue`` on ``day`` between 8:00 and 22:00, as (begins, ends)."""
    zone = timezone.get_current_timezone()
    begins, closes = datetime.combine(day, OPENS, zone), datetime.combine(day, CLOSES, zone)
    free = []
    for taken_from, taken_until in venue_taken(venue, begins, closes, but=but):
        if taken_from > begins:
            free.append((begins, taken_from))
        begins = max(begins, taken_until)
    return [*free, (begins, closes)] if begins < closes else free


def _clash(event: MatchEvent) -> DomainError:
    assert event.venue is not None, "two events are at one venue"
    day = timezone.localdate(event.starts_at)
    spans = [
        f"{timezone.localtime(begins):%H:%M}–{timezone.localtime(ends):%H:%M}"
        for begins, ends in venue_free(event.venue, day, but=event.pk)
    ]
    if not spans:
        words: StrOrPromise = _(
            "This venue already has an event at that time and is occupied all day. Choose another venue."
        )
    else:
        words = _("This venue already has an event at that time. Free on that day: %(spans)s.") % {
            "spans": ", ".join(spans)
        }
    return DomainError(words, code="venue-taken")


def venue_check(event: MatchEvent) -> None:
    """Refuse an event whose venue is taken at its time, naming the free times of that day.

    The lock on the venue's row puts events in turn, so that the second one sees what the first has written. The caller
    locks the event first.
    """
    if event.venue is None:
        return
    locks.hold(event.venue)
    if venue_taken(event.venue, event.starts_at, event.ends_at, but=event.pk):
        raise _clash(event)


@contextmanager
def guarded(event: MatchEvent) -> Iterator[None]:
    """Turn the database error about two events at one venue into a refusal in words.

    It occurs for the event that came second at the same moment.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if CONSTRAINT not in str(error):
            raise
        refusal = _clash(event)
    else:
        return
    raise refusal


def venue_create(*, actor: Member, organization: Organization, **fields: Any) -> Venue:
    """Create a venue in the library of an organisation."""
    return row_create(actor=actor, row=Venue(organization=organization, **fields), action="venue.create")


def venue_update(*, actor: Member, venue: Venue, version: int, **fields: Any) -> Venue:
    """Change a venue; raises Conflict when another edit came first."""
    return row_update(actor=actor, row=venue, action="venue.update", version=version, fields=fields)


def venues_bulk_create(*, rows: Iterable[Mapping[str, Any]]) -> list[Venue]:
    """Create checked venues in bulk and return them; ``rows`` holds the fields of each."""
    return Venue.objects.bulk_create([Venue(**row) for row in rows], batch_size=500)


@transaction.atomic
def venues_take_back(*, pks: Collection[int]) -> int:
    """Delete the venues of an import while no event is held at any of them; return how many."""
    try:
        return Venue.objects.filter(pk__in=pks).delete()[0]
    except ProtectedError:
        raise DomainError(_("An event is already planned at one of these venues."), code="in-use") from None
