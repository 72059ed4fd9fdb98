"""Selectors for the day of an event: who has arrived, and who sits where now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from matchmaking.choices.events import Pool
from matchmaking.models import MatchEvent, Participation, Seat, SeatPlan
from portal.signups.choices import TOOK_PART


@dataclass(frozen=True)
class Attendance:
    """How many participants were expected and have arrived, by list.

    ``missing`` is shown once the event has ended.
    """

    expected_men: int
    expected_women: int
    men: int
    women: int
    walk_ins: int
    over: bool

    @property
    def expected(self) -> int:
        return self.expected_men + self.expected_women

    @property
    def here(self) -> int:
        return self.men + self.women

    @property
    def missing(self) -> int:
        return self.expected - self.here


def attendance(event: MatchEvent) -> Attendance:
    """Return how many have a place and how many have arrived."""
    confirmed = Q(state__in=TOOK_PART)
    here = confirmed & Q(checked_in_at__isnull=False)
    counts = event.signups.aggregate(
        expected_men=Count("pk", filter=confirmed & Q(pool=Pool.MEN)),
        expected_women=Count("pk", filter=confirmed & Q(pool=Pool.WOMEN)),
        men=Count("pk", filter=here & Q(pool=Pool.MEN)),
        women=Count("pk", filter=here & Q(pool=Pool.WOMEN)),
        walk_ins=Count("pk", filter=confirmed & Q(walk_in=True)),
    )
    return Attendance(**counts, over=timezone.now() >= event.ends_at)


@dataclass(frozen=True)
class TableNow:
    """Where a participant sits in the current round; ``table`` and ``other`` are None in a break."""

    plan: SeatPlan
    table: int | None
    other: Participation | None
    coming: tuple[tuple[int, int | None], ...]


def table_now(participation: Participation) -> TableNow | None:
    """Return the ``TableNow`` of a participant, or None where there is no seat plan."""
    plan = SeatPlan.objects.filter(event=participation.offering_id).first()
    if plan is None:
        return None
    mine = Seat.objects.filter(plan=plan).filter(Q(man=participation) | Q(woman=participation))
    seats = {seat.round_number: seat for seat in mine.select_related("man", "woman")}
    now = seats.get(plan.current)
    other = (now.woman if now.man_id == participation.pk else now.man) if now else None
    coming = tuple(
        (number, seats[number].table_number if number in seats else None)
        for number in range(plan.current + 1, min(plan.current + 4, plan.rounds + 1))
    )
    return TableNow(plan=plan, table=now.table_number if now else None, other=other, coming=coming)


def seats_by_table(plan: SeatPlan) -> list[tuple[int, list[tuple[int, str, str]]]]:
    """Return [(table, [(round, man, woman)])] for the cards on the tables."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    rows = plan.seats.select_related("man", "woman").order_by("table_number", "round_number")
    for seat in rows:
        found.setdefault(seat.table_number, []).append((seat.round_number, seat.man.number, seat.woman.number))
    return sorted(found.items())


def seats_of_round(plan: SeatPlan, number: int) -> QuerySet[Seat]:
    """Return the seats of one round, ordered by table."""
    return plan.seats.filter(round_number=number).select_related("man", "woman").order_by("table_number")
