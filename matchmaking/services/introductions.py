"""Asking two singles whether they want to meet, and ending what is under way."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import LIVE_INTRODUCTIONS, Answer, IntroductionState
from matchmaking.models import Introduction, SingleProfile
from portal.audit.gate import advance
from portal.audit.services import audit_record
from portal.core import limits, locks
from portal.core.errors import DomainError
from portal.messaging.services import message_post

ANSWER_DAYS = 7
NOT_AGAIN_DAYS = 180


def introduction_ask(*, member, profile):
    """Ask ``profile`` on behalf of ``member`` whether they want to meet; her wish is her yes.

    Both must find each other at this moment. The other is asked by a message that names nobody.
    """
    limits.consume("introduction", str(member.pk), limit=settings.MATCHMAKING_ASKS_PER_DAY, seconds=24 * 3600)
    try:
        return _ask(member, profile)
    except IntegrityError:
        raise DomainError(_("You two are being asked already."), code="twice") from None


@transaction.atomic
def _ask(member, profile):
    mine = SingleProfile.objects.select_related("member").filter(member=member).first()
    if mine is None:
        raise DomainError(_("Write your own profile first."), code="no-profile")
    both = locks.hold_all(SingleProfile.objects.filter(pk__in=[mine.pk, profile.pk]))
    if not SingleProfile.objects.findable_by(mine).filter(pk=profile.pk).exists():
        raise DomainError(_("This person can no longer be asked."), code="gone")
    one, two = both
    since = timezone.now() - timedelta(days=NOT_AGAIN_DAYS)
    earlier = Introduction.objects.filter(one=one, two=two).filter(
        Q(state__in=LIVE_INTRODUCTIONS) | Q(created_at__gt=since)
    )
    if earlier.exists():
        raise DomainError(_("You two have been asked already, not long ago."), code="twice")
    yes = "one_answer" if one.pk == mine.pk else "two_answer"
    row = Introduction.objects.create(
        one=one,
        two=two,
        asked_by=member,
        answer_by=timezone.now() + timedelta(days=ANSWER_DAYS),
        **{yes: Answer.YES},
    )
    audit_record(actor=member, action="introduction.ask", about=row, to_state=row.state)
    message_post(
        kind="matchmaking.introduction_asked",
        to=profile.member,
        about=row,
        url=mine.get_absolute_url(),
    )
    return row


# What an introduction ends as when one of the two is no longer there.
ENDS_AS = {
    IntroductionState.ASKED: IntroductionState.NOT_AGREED,
    IntroductionState.AGREED: IntroductionState.ENDED,
    IntroductionState.MET: IntroductionState.ENDED,
    IntroductionState.TOGETHER: IntroductionState.ENDED,
}


def introductions_end(*, profile, actor, other=None):
    """End what is under way with ``profile``, all of it or that with ``other``; nobody is told. Return how many."""
    rows = Introduction.objects.live().filter(Q(one=profile) | Q(two=profile))
    if other is not None:
        rows = rows.filter(Q(one=other) | Q(two=other))
    found = list(rows.order_by("pk"))
    for row in found:
        target = ENDS_AS[row.state]
        extra = {"ended_at": timezone.now()} if target == IntroductionState.ENDED else {}
        advance(row, target, actor=actor, **extra)
    return len(found)
