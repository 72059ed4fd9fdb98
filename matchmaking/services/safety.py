"""Services to block and to report people, and for staff to handle reports."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.profiles import ProfileState, above_both
from matchmaking.choices.safety import ReportState
from matchmaking.models import AbuseReport, Block, MatchCase, MatchEvent, Pair, Participation, SingleProfile
from matchmaking.promises import BLOCK
from matchmaking.services.cases import cases_close
from matchmaking.services.couples import couples_part
from matchmaking.services.ending import pair_close
from matchmaking.services.introductions import introductions_end
from matchmaking.services.profiles import judges_of
from matchmaking.services.promises import by_search, by_silence, keeps
from matchmaking.services.standing import signups_end
from portal.audit.gate import Clock, advance
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.members.models import Member
from portal.messaging.services.messages import message_post, messages_post
from portal.organizations.models import Organization
from portal.organizations.selectors import working_calendar


@dataclass(frozen=True)
class Apart:
    """A block between two people: who blocks, and who is blocked."""

    blocker: Member
    blocked: Member

    @property
    def ids(self) -> list[int]:
        return [self.blocker.pk, self.blocked.pk]


def _end_pairs(apart: Apart) -> None:
    """End pairs and wedding applications between the two.

    An application of both and one by the blocker are withdrawn; one by the blocked person is refused, which is shown
    nowhere.
    """
    blocker, blocked = apart.ids
    both = Q(one__member=blocker, two__member=blocked) | Q(one__member=blocked, two__member=blocker)
    for pair in locks.hold_all(Pair.objects.filter(both)):
        pair_close(pair)
    couples_part(blocker=apart.blocker, blocked=apart.blocked)


def _end_introductions(apart: Apart) -> None:
    profiles = {row.member_id: row for row in SingleProfile.objects.filter(member__in=apart.ids)}
    if len(profiles) == 2:
        introductions_end(profile=profiles[apart.blocker.pk], other=profiles[apart.blocked.pk])


def _end_care(apart: Apart) -> None:
    """End cases between the two, and the care of a matchmaker at events."""
    one, two = apart.ids
    for single, helper in ((one, two), (two, one)):
        for case in MatchCase.objects.open().filter(profile__member=single, volunteer__member=helper):
            cases_close(profile=case.profile, actor=Clock("matchmaking.case_gone"))
        Participation.objects.filter(member=single, matchmaker__member=helper).update(matchmaker=None)


_keep_apart = keeps(
    BLOCK,
    {
        "block-search": by_search,
        "block-pairs": _end_pairs,
        "block-introductions": _end_introductions,
        "block-care": _end_care,
        "block-untold": by_silence,
    },
)


@transaction.atomic
def block_set(*, actor: Member, blocked: Member, label: str) -> Block:
    """Block a person, in both directions and everywhere, as ``promises.BLOCK`` says."""
    if blocked.pk == actor.pk:
        raise DomainError(_("You cannot block yourself."), code="own")
    row, created = Block.objects.get_or_create(blocker=actor, blocked=blocked, defaults={"label": label[:40]})
    if created:
        audit_record(actor=actor, action="block.set", about=row)
        _keep_apart(Apart(actor, blocked))
    return row


@transaction.atomic
def block_lift(*, block: Block, actor: Member) -> None:
    """Remove a block; a block set by the other person stays."""
    if block.blocker_id != actor.pk:
        raise DomainError(_("You did not set this block."), code="not-yours")
    audit_record(actor=actor, action="block.lift", about=block)
    block.delete()


def handling_place(reporter: Member, about: Member) -> Organization:
    """Return the organisation that handles a report: above the units of both."""
    paths = [person.organization.path for person in (reporter, about) if person.organization]
    if not paths:
        return Organization.objects.get(parent=None)
    return Organization.objects.get(path=above_both(paths[0], paths[-1]))


@transaction.atomic
def report_make(
    *, reporter: Member, about: Member, kind: str, words: str, event: MatchEvent | None = None
) -> AbuseReport:
    """Report a person to the organisation above both units.

    The text is read only by the member who takes the report on, and the reported person is not told.
    """
    if about.pk == reporter.pk:
        raise DomainError(_("You cannot report yourself."), code="own")
    (pk,) = reserve_pks(AbuseReport)
    due = working_calendar().add_working_days(timezone.localdate(), settings.MATCHMAKING_REPORT_WORKING_DAYS)
    row = AbuseReport(
        pk=pk,
        reporter=reporter,
        about=about,
        organization=handling_place(reporter, about),
        event=event,
        kind=kind,
        words=words,
        due_on=due.day,
    )
    row.save(force_insert=True)
    audit_record(actor=reporter, action="report.make", about=row, to_state=row.state)
    people = judges_of(row.organization, but={reporter.pk, about.pk})
    messages_post(
        kind="matchmaking.report_made",
        recipients=[(person, {"kind": row.kind, "due": row.due_on.isoformat()}) for person in people],
        about=row,
        url=row.get_absolute_url(),
    )
    return row


def _not_involved(report: AbuseReport, actor: Member) -> None:
    if actor.pk in (report.reporter_id, report.about_id):
        raise DomainError(_("A person involved in a report cannot handle it."), code="own")


@transaction.atomic
def report_take(*, report: AbuseReport, actor: Member) -> AbuseReport:
    """Take a report on: from now on the actor reads its text, and nobody else does."""
    _not_involved(report, actor)
    return advance(report, ReportState.HANDLING, actor=actor, handler=actor)


@transaction.atomic
def report_release(*, report: AbuseReport, actor: Member) -> AbuseReport:
    """Return a report to the queue."""
    _her_case(report, actor)
    return advance(report, ReportState.OPEN, actor=actor, handler=None)


def _her_case(report: AbuseReport, actor: Member) -> None:
    if report.handler_id != actor.pk:
        raise DomainError(_("Somebody else is handling this report."), code="not-yours")


@transaction.atomic
def report_settle(
    *, report: AbuseReport, actor: Member, settled_as: str, answer: str, hold: bool = False
) -> AbuseReport:
    """Settle a report with an answer to its reporter.

    If it was found true, the profile of the reported person may be put on hold.
    """
    _her_case(report, actor)
    if hold and settled_as != ReportState.SUBSTANTIATED:
        raise DomainError(_("A profile can be paused only after the report was found to be true."), code="unfounded")
    row = advance(report, ReportState(settled_as), actor=actor, answer=answer, settled_at=timezone.now())
    if hold:
        _hold(row, actor)
    message_post(
        kind="matchmaking.report_settled",
        to=row.reporter,
        about=row,
        url=reverse("matchmaking:single-reports"),
        context={},
    )
    return row


def _hold(report: AbuseReport, actor: Member) -> None:
    profile = SingleProfile.objects.filter(member=report.about).first()
    if profile is None or profile.held:
        return
    held = locks.hold(profile)
    held.held = True
    held.save(update_fields=["held"])
    audit_record(actor=actor, action="single.hold", about=held, data={"report": report.pk})
    if held.state == ProfileState.ACTIVE:
        advance(held, ProfileState.PAUSED, actor=actor)
    signups_end(members=[held.member])
    message_post(kind="matchmaking.single_held", to=held.member, about=held, url=reverse("matchmaking:single-home"))


@transaction.atomic
def profile_unhold(*, report: AbuseReport, actor: Member) -> SingleProfile:
    """Release a profile that was put on hold after ``report``: its owner may start it again."""
    _not_involved(report, actor)
    profile = SingleProfile.objects.filter(member=report.about, held=True).first()
    if profile is None:
        raise DomainError(_("No profile is paused because of this report."), code="not-held")
    held = locks.hold(profile)
    held.held = False
    held.save(update_fields=["held"])
    audit_record(actor=actor, action="single.unhold", about=held, data={"report": report.pk})
    message_post(kind="matchmaking.single_unheld", to=held.member, about=held, url=reverse("matchmaking:single-home"))
    return held
