"""To-do items about members: requests to vouch, appointments, duties about to end, standing, and more.

They also cover requests about own data, transfers, changes of phone, and what an ended duty left.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import CharField, Count, DateField, F, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.choices import Area, Capability
from portal.core.guard import each
from portal.core.roles import Role
from portal.members.models import DataRequest, Duty, HandOver, Member, PhoneChange, Transfer, Vouching
from portal.members.rules import may_give
from portal.members.selectors import nobody_nearer, waiting_appointments, waiting_by_duty
from portal.web.todo import Overdue, Todo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.organizations.models import Organization

SHOWN = 50
# The proposer has seen the person already, so somebody above is asked.
NOT_I = ("proposed_by", "member")
PREDECESSORS = 5


def items_for(actor: Member) -> list[Todo]:
    """Return a to-do item for each waiting row, and one for all members whose standing has run out."""
    return [*_rows(actor), *_duties(actor)]


def overdue_below(actor: Member, organization: Organization) -> list[Overdue]:
    """Return the counts of people not vouched for in time and of overdue requests about own data."""
    asked_before = timezone.now() - timedelta(days=settings.VOUCHING_DAYS)
    vouchings = Vouching.objects.visible_to(actor).below(organization.path).waiting().filter(asked_at__lt=asked_before)
    requests = DataRequest.objects.reached_by(actor, Capability.EDIT).below(organization.path).open()
    # Both counts come from one query, because a page with many parts calls this.
    late = requests.filter(due_on__lt=timezone.localdate())
    kinds = (("vouching", vouchings), ("request", late))
    one, two = (
        rows.order_by().annotate(what=Value(kind)).values("what").annotate(number=Count("pk")) for kind, rows in kinds
    )
    found = dict(one.values_list("what", "number").union(two.values_list("what", "number"), all=True))
    return [
        Overdue(
            _("Overdue requests to vouch for people"),
            found.get("vouching", 0),
            f"{reverse('members:vouching-list')}?state=waiting",
        ),
        Overdue(
            _("Overdue requests about personal data"),
            found.get("request", 0),
            f"{reverse('members:request-list')}?state=open",
        ),
    ]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _duties(actor: Member) -> list[Todo]:
    ending = Duty.objects.reached_by(actor, Capability.APPOINT).ends_within(30).filter(stand_in_for=None)
    rows = ending.select_related("organization").order_by("valid_until")[:SHOWN]
    return list(
        each(
            (row for row in rows if row.member_id != actor.pk and may_give(actor, row.role, row.organization)),
            lambda row: Todo(
                title=_("A duty ends: %(role)s, %(organization)s")
                % {"role": row.get_role_display(), "organization": row.organization.label},
                url=row.get_absolute_url(),
                icon="hourglass",
                due_at=_start_of(row.valid_until) if row.valid_until is not None else None,
            ),
        )
    )


def _rows(actor: Member) -> list[Todo]:
    """Return the to-do items of seven kinds of rows (five for a former holder), read in one query.

    One query, because every desk page counts its to-do items.
    """
    text = Value("", output_field=CharField())
    no_day = Value(None, output_field=DateField())
    over = Member.objects.reached_by(actor, Capability.EDIT).standing_over().filter(is_active=True).exclude(pk=actor.pk)
    kinds = {
        "asked": Vouching.objects.waiting()
        .filter(nobody_nearer(actor, Area.MEMBERS, Capability.EDIT))
        .annotate(about=F("pk"), words=F("organization__name"), code=text, day=TruncDate("asked_at")),
        "over": over.annotate(about=F("pk"), words=text, code=text, day=F("standing_until")),
        "appointment": waiting_appointments(actor).annotate(
            about=F("pk"), words=F("organization__name"), code=F("role"), day=TruncDate("proposed_at")
        ),
        "phone": PhoneChange.objects.waiting()
        .filter(nobody_nearer(actor, Area.MEMBERS, Capability.APPOINT, organization="member__organization", but=NOT_I))
        .exclude(member=actor)
        .annotate(about=F("pk"), words=F("member__organization__name"), code=text, day=TruncDate("due_at")),
        "transfer": Transfer.objects.waiting_for(actor).annotate(about=F("pk"), words=text, code=text, day=F("due_on")),
    }
    # For a former holder of a duty (portal.members.selectors.as_held), items handed over to the member are left out,
    # because they are not the member's to hand over.
    if not actor.as_held:
        kinds["left"] = HandOver.objects.left_for(actor).annotate(
            about=F("duty"), words=F("duty__organization__name"), code=F("duty__role"), day=no_day
        )
        kinds["taken"] = (
            HandOver.objects.standing()
            .filter(successor=actor)
            .annotate(about=F("duty"), words=F("key"), code=text, day=no_day)
        )
    parts = [
        part.order_by("pk").annotate(kind=Value(kind)).values_list("kind", "about", "words", "code", "day")[: SHOWN + 1]
        for kind, part in kinds.items()
    ]
    found: dict[str, list[list[Any]]] = {kind: [] for kind in kinds}
    for kind, *row in parts[0].union(*parts[1:], all=True):
        found[kind].append(row)
    return [
        *each(found["asked"][:SHOWN], lambda row: _asked(*row)),
        *_over(len(found["over"])),
        *each(found["appointment"][:SHOWN], lambda row: _appointment(*row)),
        *each(found["transfer"][:SHOWN], lambda row: _transfer(*row)),
        *each(found["phone"][:SHOWN], lambda row: _phone(*row)),
        *_left(found.get("left", [])),
        *_taken(found.get("taken", [])),
    ]


def _asked(about: int, words: str, _code: str, day: date) -> Todo:
    return Todo(
        title=_("A person asks %(unit)s to vouch for them") % {"unit": words},
        url=reverse("members:vouching-detail", args=[about]),
        icon="user-question",
        due_at=_start_of(day + timedelta(days=settings.VOUCHING_DAYS)),
    )


def _appointment(about: int, words: str, code: str, day: date) -> Todo:
    return Todo(
        title=_("An appointment needs your approval as the second person: %(role)s, %(organization)s")
        % {"role": Role(code).label, "organization": words},
        url=reverse("members:appointment-detail", args=[about]),
        icon="user-plus",
        due_at=_start_of(day + timedelta(days=settings.APPOINTMENT_DAYS)),
    )


def _over(count: int) -> list[Todo]:
    if not count:
        return []
    words = ngettext(
        "The standing of %(count)s person has expired", "The standing of %(count)s people has expired", count
    )
    url = f"{reverse('members:member-list')}?status=standing"
    shown = count if count <= SHOWN else f"{SHOWN}+"
    return [Todo(title=words % {"count": shown}, url=url, icon="user-check")]


def _transfer(about: int, _words: str, _code: str, day: date) -> Todo:
    return Todo(
        title=_("Confirm or reject: another unit requests the transfer of a person"),
        url=reverse("members:transfer-detail", args=[about]),
        icon="user-share",
        due_at=_start_of(day + timedelta(days=1)),
    )


def _phone(about: int, words: str, _code: str, day: date) -> Todo:
    return Todo(
        title=_("Have you seen the person? A change of number is pending: %(unit)s") % {"unit": words},
        url=reverse("members:phone-change-detail", args=[about]),
        icon="phone",
        due_at=_start_of(day),
    )


def _left(rows: Iterable[Sequence[Any]]) -> list[Todo]:
    """Return one item for each ended duty with items that nobody took on, where the actor appoints."""
    places = {about: (code, words) for about, words, code, _day in rows}

    def item(place: tuple[int, tuple[str, str]]) -> Todo:
        about, (code, words) = place
        return Todo(
            title=_("Nobody has taken over the items of an ended duty: %(role)s, %(organization)s")
            % {"role": Role(code).label, "organization": words},
            url=reverse("members:duty-hand-over", args=[about]),
            icon="user-share",
        )

    return list(each(places.items(), item))


def _taken(rows: Iterable[Sequence[Any]]) -> list[Todo]:
    """Return the items that the actor took on by name, as long as they wait."""
    by_duty: dict[int, set[str]] = {}
    for about, key, _code, _day in rows:
        by_duty.setdefault(about, set()).add(key)
    found = []
    for duty in Duty.objects.for_list().filter(pk__in=list(by_duty)[:PREDECESSORS]) if by_duty else ():
        waiting = waiting_by_duty(duty)
        found += [replace(item, by=duty.member.name) for item in waiting if item.url in by_duty[duty.pk]]
    return found
