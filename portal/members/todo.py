"""What waits for whom among people: requests to vouch, duties about to end, standing that has run out,
requests about own data.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import CharField, Count, F, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.choices import Capability
from portal.members.models import DataRequest, Duty, Member, Vouching
from portal.members.rules import can_end_duty
from portal.web.todo import Overdue, Todo

SHOWN = 50


def items_for(actor):
    """Return a to-do for each request to vouch and each duty that ends, and one for the standing that ran out."""
    return [*_standing(actor), *_duties(actor), *_data_requests(actor)]


def overdue_below(actor, organization):
    """Return how many people wait too long to be vouched for, and how many for an answer about their data."""
    asked_before = timezone.now() - timedelta(days=settings.VOUCHING_DAYS)
    vouchings = Vouching.objects.visible_to(actor).below(organization.path).waiting().filter(asked_at__lt=asked_before)
    requests = DataRequest.objects.reached_by(actor, Capability.EDIT).below(organization.path).open()
    # Both in one question, as a page of many parts asks.
    late = requests.filter(due_on__lt=timezone.localdate())
    kinds = (("vouching", vouchings), ("request", late))
    one, two = (
        rows.order_by().annotate(what=Value(kind)).values("what").annotate(number=Count("pk")) for kind, rows in kinds
    )
    found = dict(one.values_list("what", "number").union(two.values_list("what", "number"), all=True))
    return [
        Overdue(
            _("People not vouched for in time"),
            found.get("vouching", 0),
            f"{reverse('members:vouching-list')}?state=waiting",
        ),
        Overdue(
            _("Requests about own data past their day"),
            found.get("request", 0),
            f"{reverse('members:request-list')}?state=open",
        ),
    ]


def _start_of(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _duties(actor):
    ending = Duty.objects.reached_by(actor, Capability.APPOINT).ends_within(30).filter(stand_in_for=None)
    rows = ending.select_related("organization").order_by("valid_until")[:SHOWN]
    return [
        Todo(
            title=_("A duty ends: %(role)s, %(organization)s")
            % {"role": row.get_role_display(), "organization": row.organization.label},
            url=row.get_absolute_url(),
            icon="hourglass",
            due_at=_start_of(row.valid_until),
        )
        for row in rows
        if can_end_duty(actor, row)
    ]


def _standing(actor):
    """Requests to vouch and standing that ran out, asked in one query: every desk page counts its to-dos."""
    waiting = Vouching.objects.reached_by(actor, Capability.EDIT).waiting()
    over = Member.objects.reached_by(actor, Capability.EDIT).standing_over().filter(is_active=True).exclude(pk=actor.pk)
    asked = waiting.annotate(unit=F("organization__name"), day=TruncDate("asked_at"))
    ran_out = over.annotate(unit=Value("", output_field=CharField()), day=F("standing_until"))
    columns = ("pk", "unit", "day")
    rows = list(
        asked.annotate(kind=Value("asked"))
        .order_by("pk")
        .values_list("kind", *columns)[:SHOWN]
        .union(ran_out.annotate(kind=Value("over")).values_list("kind", *columns)[: SHOWN + 1], all=True)
    )
    items = [
        Todo(
            title=_("Somebody asks %(unit)s to vouch for her") % {"unit": unit},
            url=reverse("members:vouching-detail", args=[pk]),
            icon="user-question",
            due_at=_start_of(day + timedelta(days=settings.VOUCHING_DAYS)),
        )
        for kind, pk, unit, day in rows
        if kind == "asked"
    ]
    count = len(rows) - len(items)
    if count:
        words = ngettext("%(count)s person's standing has run out", "%(count)s people's standing has run out", count)
        url = f"{reverse('members:member-list')}?status=standing"
        shown = count if count <= SHOWN else f"{SHOWN}+"
        items.append(Todo(title=words % {"count": shown}, url=url, icon="user-check"))
    return items


def _data_requests(actor):
    waiting = DataRequest.objects.reached_by(actor, Capability.EDIT).open().exclude(member=actor)
    return [
        Todo(
            title=_("Answer a request about own data: %(kind)s") % {"kind": row.get_kind_display()},
            url=row.get_absolute_url(),
            icon="user-question",
            due_at=_start_of(row.due_on + timedelta(days=1)),
        )
        for row in waiting.order_by("due_on", "pk")[:SHOWN]
    ]
