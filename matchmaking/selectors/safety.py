"""Selectors for reports: whom a single may report, and how the single knows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from matchmaking.choices.events import Pool
from matchmaking.models import Block, Introduction, MatchEvent, Pair, Participation, SingleProfile
from matchmaking.selectors.introductions import introduction_title
from portal.core.text import clean_code
from portal.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    # The rows of one kind, and the function that makes a ``Target`` of each row.
    Way = tuple[QuerySet[Any], Callable[[Any], "Target"]]

SHOWN = 30


@dataclass(frozen=True)
class Target:
    """A person as the reporting single knows them.

    ``about`` is None where a card number at ``event`` is still to be typed.
    """

    kind: str
    pk: int
    label: str
    about: Member | None = None
    event: MatchEvent | None = None

    @property
    def url(self) -> str:
        return reverse("matchmaking:single-report-about", args=[self.kind, self.pk])


def _blocks(member: Member) -> Way:
    rows = Block.objects.visible_to(member).select_related("blocked").order_by("-pk")
    return rows, lambda row: Target("block", row.pk, row.label or _("a person who has left"), row.blocked)


def _introductions(member: Member) -> Way:
    rows = Introduction.objects.shown_to(member).select_related("one__member", "two__member").order_by("-pk")

    def target(row: Introduction) -> Target:
        other = row.other(member)
        label = introduction_title(row, other)
        return Target("introduction", row.pk, _("%(name)s, introduced to you") % {"name": label}, other.member)

    return rows, target


def _pairs(member: Member) -> Way:
    rows = Pair.objects.of(member).select_related("one__member", "two__member", "event").order_by("-pk")

    def target(row: Pair) -> Target:
        other = row.other(member)
        words = _("No. %(number)s, your pair at “%(title)s”") % {"number": other.number, "title": row.event.title}
        return Target("pair", row.pk, words, other.member, row.event)

    return rows, target


def _events(member: Member) -> Way:
    rows = Participation.objects.filter(member=member).select_related("offering").order_by("-pk")

    def target(row: Participation) -> Target:
        words = _("Somebody at “%(title)s”, by card number") % {"title": row.offering.title}
        return Target("event", row.pk, words, None, row.offering)

    return rows, target


def _singles(member: Member) -> Way:
    mine = SingleProfile.objects.own(member).select_related("member__organization").first()
    rows = SingleProfile.objects.findable_by(mine) if mine else SingleProfile.objects.none()
    return rows.select_related("member"), lambda row: Target("single", row.pk, row.nickname, row.member)


# The ways in which a single may know a person; people found by searching are reported from their card.
WAYS = {"block": _blocks, "introduction": _introductions, "pair": _pairs, "event": _events, "single": _singles}


def report_target(member: Member, kind: str, pk: int) -> Target | None:
    """Return the person named by the URL of a report form, or None if ``member`` does not know that row."""
    if kind not in WAYS:
        return None
    rows, target = WAYS[kind](member)
    row = rows.filter(pk=pk).first()
    return target(row) if row is not None else None


def reportable(member: Member) -> list[Target]:
    """Return the people whom ``member`` may report without looking for their card, blocked ones first."""
    found = []
    for kind in ("block", "introduction", "pair", "event"):
        rows, target = WAYS[kind](member)
        found += [target(row) for row in rows[:SHOWN]]
    return found


def at_event(event: MatchEvent, number: str, but: Member) -> Member | None:
    """Return the member with card ``number`` at ``event``, or None; ``but``, who asks, is not found."""
    read = re.fullmatch(r"([MW])0*([0-9]{1,6})", clean_code(number))
    if read is None:
        return None
    pool = Pool.MEN if read[1] == "M" else Pool.WOMEN
    rows = Participation.objects.filter(offering=event, pool=pool, place=int(read[2])).exclude(member=but)
    row = rows.select_related("member__organization").first()
    return row.member if row else None
