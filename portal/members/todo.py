"""What waits for whom among people: requests to vouch, duties about to end, standing that has run out."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.choices import Capability
from portal.members.models import Duty, Member, Vouching
from portal.members.rules import can_end_duty
from portal.web.todo import Todo

SHOWN = 50


def items_for(actor):
    """Return a to-do for each request to vouch and each duty that ends, and one for the standing that ran out."""
    return [*_vouchings(actor), *_duties(actor), *_standing(actor)]


def _vouchings(actor):
    waiting = Vouching.objects.reached_by(actor, Capability.EDIT).waiting().select_related("organization")
    return [
        Todo(
            title=_("Somebody asks %(unit)s to vouch for her") % {"unit": row.organization.label},
            url=row.get_absolute_url(),
            icon="user-question",
            due_at=row.asked_at + timedelta(days=settings.VOUCHING_DAYS),
        )
        for row in waiting.order_by("asked_at")[:SHOWN]
    ]


def _duties(actor):
    ending = Duty.objects.reached_by(actor, Capability.APPOINT).ends_within(30).filter(stand_in_for=None)
    rows = ending.select_related("organization").order_by("valid_until")[:SHOWN]
    return [
        Todo(
            title=_("A duty ends: %(role)s, %(organization)s")
            % {"role": row.get_role_display(), "organization": row.organization.label},
            url=row.get_absolute_url(),
            icon="hourglass",
            due_at=timezone.make_aware(datetime.combine(row.valid_until, time.min)),
        )
        for row in rows
        if can_end_duty(actor, row)
    ]


def _standing(actor):
    over = Member.objects.reached_by(actor, Capability.EDIT).standing_over().filter(is_active=True).exclude(pk=actor.pk)
    count = len(over.values_list("pk")[: SHOWN + 1])
    if not count:
        return []
    words = ngettext("%(count)s person's standing has run out", "%(count)s people's standing has run out", count)
    url = f"{reverse('members:member-list')}?status=standing"
    return [Todo(title=words % {"count": count if count <= SHOWN else f"{SHOWN}+"}, url=url, icon="user-check")]
