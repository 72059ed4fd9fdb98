"""Messages about a class term and its days, to guardians, teachers and the unions responsible."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.members.selectors import holders_by_level
from portal.messaging.choices import Channel
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from childcare.models import Attendance, ClassDay, ClassTerm, Incident, PickUpAttempt, PickUpBar, PickUpPerson
    from childcare.selectors.days import AdultRatio
    from portal.members.models import Member
    from portal.signups.services import Moved

BOTH = (Channel.IN_APP, Channel.SMS)
# Guardians are told when one of these changes.
TOLD = {"first_on", "last_on", "starts", "ends", "site_id", "fee", "enrol_from", "enrol_until"}
# The quiet hours of text messages are shorter.
NEAR = timedelta(hours=14)
# The level of an alert that goes to the union that manages the site.
FIRST_STAFF = 2


def _recipients(term: ClassTerm, rows: Iterable[Any], **words: Any) -> list[tuple[Member, dict[str, Any]]]:
    found = []
    for row in rows:
        about = {"title": term.title, "day": term.opens_at.isoformat(), "state": row.state, **words}
        if row.offered_until:
            about["until"] = timezone.localtime(row.offered_until).isoformat()
        found.append((row.member, about))
    return found


def _is_near(term: ClassTerm) -> bool:
    return term.begins_at - timezone.now() < NEAR


def tell(term: ClassTerm, kind: str, **words: Any) -> None:
    """Tell each guardian with a live enrolment in a term, once."""
    rows = term.signups.live().reachable().select_related("member").order_by("member_id", "place")
    once = {row.member_id: row for row in reversed(rows)}.values()
    messages_post(
        kind=kind,
        recipients=_recipients(term, once, **words),
        about=term,
        url=term.get_member_url(),
        channels=BOTH,
        urgent=_is_near(term),
    )


def tell_joined(row: Any) -> None:
    """Tell a guardian that the child has a place, or a position on the waiting list."""
    term = row.offering
    messages_post(kind="childcare.enrolled", recipients=_recipients(term, [row]), about=term, url=term.get_member_url())


def tell_waiting(term: ClassTerm) -> None:
    """Tell guardians after a draw that their child waits."""
    rows = term.signups.waiting().reachable().select_related("member").order_by("place")
    messages_post(kind="childcare.enrolled", recipients=_recipients(term, rows), about=term, url=term.get_member_url())


def tell_declined(row: Any, reason: str) -> None:
    """Tell a guardian that the application was declined, and why."""
    _tell_one(row, "childcare.declined", reason=reason)


def tell_no_place(row: Any) -> None:
    """Tell a guardian that the class has begun without a place for the child."""
    _tell_one(row, "childcare.no_place")


def _tell_one(row: Any, kind: str, **words: Any) -> None:
    term = row.offering
    rows = term.signups.filter(pk=row.pk).reachable().select_related("member")
    messages_post(kind=kind, recipients=_recipients(term, rows, **words), about=term, url=term.get_member_url())


def tell_offered(term: ClassTerm, moved: Moved) -> None:
    """Tell guardians that a place is held for their child."""
    rows = term.signups.filter(pk__in=[row.pk for row in moved.offered]).reachable().select_related("member")
    messages_post(
        kind="childcare.place_offered",
        recipients=_recipients(term, rows.order_by("place")),
        about=term,
        url=term.get_member_url(),
        channels=BOTH,
        urgent=_is_near(term),
    )


def tell_expired(term: ClassTerm, rows: Iterable[Any]) -> None:
    """Tell guardians that the offer is over; once the class has begun everybody knows."""
    if term.has_begun:
        return
    known = term.signups.filter(pk__in=[row.pk for row in rows]).reachable().select_related("member")
    messages_post(
        kind="childcare.offer_expired",
        recipients=_recipients(term, known.order_by("place")),
        about=term,
        url=term.get_member_url(),
    )


def _teachers(term: ClassTerm) -> list[Member]:
    """Return those who may read the names of the children of a class."""
    rows = term.site.staff.reading().select_related("member").order_by("pk")
    return [row.member for row in rows]


def _about_day(day: ClassDay, **words: Any) -> dict[str, Any]:
    return {"title": day.term.title, "site": day.term.site.name, "day": day.on.isoformat(), **words}


def tell_absence(row: Attendance) -> None:
    """Tell whoever is next that a child has not come: guardian and teachers, then the union, then the level above.

    No message names the child.
    """
    day, term = row.day, row.day.term
    words = _about_day(day, at=row.alerted_at.isoformat() if row.alerted_at else "")
    if row.alert_level == 1:
        messages_post(
            kind="childcare.child_absent",
            recipients=[(row.enrolment.member, words)],
            about=row,
            url=term.get_member_url(),
            channels=BOTH,
            urgent=True,
        )
        to, url = _teachers(term), day.get_absolute_url()
    else:
        to, url = _staff_of(term, above=row.alert_level > FIRST_STAFF), term.get_absolute_url()
    messages_post(
        kind="childcare.absence_unexplained",
        recipients=[(member, words) for member in to],
        about=row,
        url=url,
        channels=BOTH,
        urgent=True,
    )


def _staff_of(term: ClassTerm, *, above: bool) -> list[Member]:
    """Return who may approve at the union nearest to the site that has such staff, or at the next one ``above`` it."""
    levels = holders_by_level(Area.CHILDCARE, Capability.APPROVE, term.site.organization)
    return levels[min(int(above), len(levels) - 1)] if levels else []


def _clear(row: Attendance, level: int) -> None:
    """Tell the union that the child about which it was alerted, up to ``level``, is explained."""
    if level < FIRST_STAFF:
        return
    term = row.day.term
    found = [_staff_of(term, above=False), _staff_of(term, above=True) if level > FIRST_STAFF else []]
    to = {member.pk: member for members in found for member in members}
    messages_post(
        kind="childcare.absence_explained",
        recipients=[(member, _about_day(row.day)) for member in to.values()],
        about=row,
        url=term.get_absolute_url(),
    )


def tell_away(row: Attendance, level: int) -> None:
    """Tell the guardian that an absence was entered, by the teachers or in her own name."""
    messages_post(
        kind="childcare.entered_absent",
        recipients=[(row.enrolment.member, _about_day(row.day))],
        about=row,
        url=row.day.term.get_member_url(),
        channels=BOTH,
        urgent=True,
    )
    _clear(row, level)


def tell_undone(row: Attendance) -> None:
    """Tell the guardian that the arrival of the child was entered by mistake."""
    messages_post(
        kind="childcare.not_here",
        recipients=[(row.enrolment.member, _about_day(row.day))],
        about=row,
        url=row.day.term.get_member_url(),
        channels=BOTH,
        urgent=True,
    )


def tell_bar(guardian: Member, row: PickUpBar) -> None:
    """Tell a guardian that the teachers entered or ended a bar; people of that name are off the list."""
    messages_post(
        kind="childcare.bar_changed",
        recipients=[(guardian, {"document": row.document})],
        about=row,
        url=row.get_absolute_url(),
        channels=BOTH,
        urgent=True,
    )


def tell_arrived(row: Attendance, level: int) -> None:
    """Tell the guardian that the child is here, after an alert or an absence, and the union that was alerted."""
    arrived = timezone.localtime(row.arrived_at).isoformat() if row.arrived_at else ""
    messages_post(
        kind="childcare.child_arrived",
        recipients=[(row.enrolment.member, _about_day(row.day, at=arrived))],
        about=row,
        url=row.day.term.get_member_url(),
        channels=BOTH,
        urgent=True,
    )
    _clear(row, level)


def tell_ratio(day: ClassDay, found: AdultRatio) -> None:
    """Tell the teachers of a class and the union that manages it that too few adults are with the children."""
    to = {member.pk: member for member in [*_teachers(day.term), *_staff_of(day.term, above=False)]}
    messages_post(
        kind="childcare.too_few_adults",
        recipients=[(member, _about_day(day, adults=found.adults, children=found.children)) for member in to.values()],
        about=day,
        url=day.term.get_member_url(),
        urgent=True,
    )


def tell_hand_over(row: PickUpAttempt) -> None:
    """Tell the guardian that the child was collected, or that somebody came who may not collect it."""
    day = row.attendance.day
    about: dict[str, Any] = {
        "recipients": [
            (row.attendance.enrolment.member, _about_day(day, at=timezone.localtime(row.at).isoformat())),
        ],
        "about": row.attendance,
        "url": day.term.get_member_url(),
    }
    tell = _tell_collected if row.is_released else _tell_not_given
    tell(**about)


def _tell_collected(**about: Any) -> None:
    messages_post(kind="childcare.collected", **about)


def _tell_not_given(**about: Any) -> None:
    messages_post(kind="childcare.not_given", channels=BOTH, urgent=True, **about)


def tell_listed(guardian: Member, row: PickUpPerson) -> None:
    """Tell a guardian that somebody was listed who may collect a child: it may have been another person's doing."""
    messages_post(
        kind="childcare.pickup_listed",
        recipients=[(guardian, {"day": row.valid_from.isoformat()})],
        about=row,
        url=row.get_absolute_url(),
        channels=BOTH,
        urgent=True,
    )


def tell_incident(row: Incident, *, above: bool) -> None:
    """Tell the union that manages the site of an incident at once, or the level above it when the time is over.

    The message says that there is one, and what kind; the report itself is in the portal.
    """
    term = row.term
    words = {"title": term.title, "site": term.site.name, "at": timezone.localtime(row.happened_at).isoformat()}
    messages_post(
        kind="childcare.incident_late" if above else "childcare.incident",
        recipients=[(member, words) for member in _staff_of(term, above=above)],
        about=row,
        url=row.get_absolute_url(),
        channels=BOTH,
        urgent=True,
    )
