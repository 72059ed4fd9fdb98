"""Work as a matchmaker and care by one: the data, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from matchmaking.models import (
    ContactLog,
    Introduction,
    MatchCase,
    MeetingFeedback,
    Volunteer,
)
from matchmaking.selectors.cases import my_helper, volunteer_of
from matchmaking.selectors.introductions import introduction_title
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source

if TYPE_CHECKING:
    from portal.members.models import Member

    Rows = list[tuple[object, ...]]
    Places = list[tuple[str, str]]


def volunteer_rows(member: Member) -> Rows:
    rows = Volunteer.objects.filter(member=member).select_related("organization").order_by("pk")
    return [
        (row.organization.name, row.get_state_display(), row.motive, row.pledged_at, row.trained_on, row.valid_from)
        for row in rows
    ]


def care_rows(member: Member) -> Rows:
    rows = MatchCase.objects.filter(profile__member=member).select_related("volunteer__member").order_by("pk")
    return [(row.volunteer.member.name, row.opened_on, row.closed_on) for row in rows]


def contact_rows(member: Member) -> Rows:
    """Return the member's own notes as a matchmaker, by case.

    The person that a note is about is named only on the matchmaker's own pages.
    """
    rows = ContactLog.objects.filter(case__volunteer__member=member).order_by("pk")
    return [(row.case_id, row.get_kind_display(), row.at, row.words) for row in rows]


def introduction_rows(member: Member) -> Rows:
    """Return the member's introductions with their own answer.

    Of the other person the nickname is given while the introduction is live, and never the answer. The matchmaker's
    words about the two are left out: they would distinguish a proposal from a wish of the other person.
    """
    rows = Introduction.objects.shown_to(member).for_list().order_by("pk")
    return [
        (
            introduction_title(row, row.other(member)),
            row.get_state_display(),
            getattr(row, f"get_{row.side(member)}_answer_display")(),
            row.answer_by,
            row.meets_at,
        )
        for row in rows
    ]


def feedback_rows(member: Member) -> Rows:
    rows = MeetingFeedback.objects.filter(member=member).order_by("pk")
    return [(row.introduction_id, row.get_impression_display(), row.words, row.created_at) for row in rows]


def helped(member: Member) -> list[Assigned]:
    """Return the member's matchmaker, and the other people of the member's introductions."""
    found = []
    helper = my_helper(member)
    if helper is not None:
        fields = [_("Your profile, as verified singles see it")]
        if helper.may_call:
            fields.append(_("Your name and mobile number"))
        who = _("Your matchmaker: %(name)s") % {"name": helper.name}
        found.append(Assigned(who, _("Looking after you"), tuple(fields)))
    for row in Introduction.objects.shown_to(member).live().for_list().order_by("pk"):
        card = (_("Your profile, without name, unit and number"),)
        found.append(Assigned(row.other(member).nickname, _("An introduction"), card))
    return found


def helps_at_places(member: Member) -> Places:
    """Return the organisation that the member helps as a matchmaker."""
    mine = volunteer_of(member)
    return [(mine.organization.path, mine.organization.name)] if mine is not None else []


SOURCES = (
    Source(
        "volunteer",
        _("My service as a matchmaker"),
        (
            _("Organisation"),
            _("State"),
            _("Why I want to help"),
            _("Pledge signed at"),
            _("Trained on"),
            _("From"),
        ),
        volunteer_rows,
    ),
    Source(
        "contacts",
        _("My log as a matchmaker"),
        (_("Case number"), _("Kind"), _("Time"), _("Note")),
        contact_rows,
    ),
    Source("care", _("Who looks after me"), (_("Matchmaker"), _("Since"), _("Until")), care_rows),
    Source(
        "introductions",
        _("My introductions"),
        (_("Nickname"), _("State"), _("My answer"), _("Answer by"), _("Meeting time")),
        introduction_rows,
    ),
    Source(
        "feedback",
        _("My feedback after meetings"),
        (_("Introduction"), _("How was it?"), _("In your own words"), _("Time")),
        feedback_rows,
    ),
)
SEEN = (
    Seen(
        "matchmaking.volunteer",
        Area.MATCHMAKING,
        Capability.VIEW,
        _("That you help as a matchmaker"),
        (_("Full name"), _("Unit"), _("Why I want to help"), _("Trained on"), _("How many people you look after")),
        helps_at_places,
    ),
)
