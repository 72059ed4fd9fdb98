"""What matchmaking has of a single, and whom it shows it to."""

from django.utils.translation import gettext_lazy as _

from matchmaking.choices import Pool
from matchmaking.models import (
    ContactLog,
    EventMatchmaker,
    Introduction,
    MatchCase,
    MeetingFeedback,
    Pair,
    Participation,
    Volunteer,
)
from matchmaking.selectors import my_helper, standing_consents, volunteer_of
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source
from portal.signups.choices import LIVE


def _participations(member):
    return Participation.objects.filter(member=member).select_related("offering__organization", "matchmaker__member")


def participation_rows(member):
    return [
        (
            row.offering.title,
            row.offering.organization.name,
            row.number,
            Pool(row.pool).label,
            row.get_state_display(),
            row.age,
            row.line,
            _("yes") if row.photo_id else _("no"),
            row.created_at,
        )
        for row in _participations(member).order_by("pk")
    ]


def pair_rows(member):
    """Her pairs, the other one by number: names stay on the page that both agreed to."""
    pairs = Pair.objects.all().of(member).select_related("event", "one", "two").order_by("pk")
    return [(pair.event.title, pair.held_on, pair.other(member).number) for pair in pairs]


def matchmaker_rows(member):
    rows = EventMatchmaker.objects.filter(member=member).select_related("event").order_by("pk")
    return [(row.event.title, row.valid_from, row.valid_until) for row in rows]


def at_her_events(member):
    """Organisations that hold events she signed up for, each with its event."""
    return [(row.offering.organization.path, row.offering.title) for row in _participations(member)]


def assigned(member):
    """Her matchmaker, the other list, and the other one of a pair, at each event she takes part in now."""
    found = []
    card = (_("Your number, age and line"),)
    for row in _participations(member).filter(state__in=LIVE):
        if row.matchmaker_id:
            who = _("Your matchmaker: %(name)s") % {"name": row.matchmaker.member.name}
            found.append(Assigned(who, row.offering.title, card))
        if row.holds_place:
            fields = (_("Your number, age, line and photo, while the choice round is open"),)
            found.append(Assigned(_("Confirmed participants of the other list"), row.offering.title, fields))
    contact = (_("Your name and mobile number"),)
    pairs = Pair.objects.all().of(member).with_consents(standing_consents()).select_related("event", "one", "two")
    for pair in pairs:
        side = pair.side(member)
        if getattr(pair, f"{side}_contact"):
            who = _("No. %(number)s, if both of you agreed") % {"number": pair.other(member).number}
            found.append(Assigned(who, pair.event.title, contact))
        if getattr(pair, f"{side}_matchmaker"):
            found.append(Assigned(_("Your matchmaker, as you let her know"), pair.event.title, contact))
    return [*found, *helped(member)]


SOURCES = (
    Source(
        "participations",
        _("Events I signed up for"),
        (
            _("Event"),
            _("Held by"),
            _("Card number"),
            _("List"),
            _("State"),
            _("Age"),
            _("A line about yourself"),
            _("Photo"),
            _("Signed up at"),
        ),
        participation_rows,
    ),
    Source("pairs", _("My pairs"), (_("Event"), _("Day"), _("The other one's number")), pair_rows),
    Source(
        "matchmaker",
        _("Events I accompany as a matchmaker"),
        (_("Event"), _("From"), _("Until (not included)")),
        matchmaker_rows,
    ),
)
SEEN = (
    Seen(
        "matchmaking.participants",
        Area.MATCHMAKING,
        Capability.EDIT,
        _("That you take part in an event"),
        (_("Your name, shortened"), _("Unit"), _("Card number"), _("Age"), _("State"), _("Matchmaker")),
        at_her_events,
        _("The people who hold the event. Whom you choose is seen by nobody."),
    ),
)


# Helping as a matchmaker, and being helped.
def volunteer_rows(member):
    rows = Volunteer.objects.filter(member=member).select_related("organization").order_by("pk")
    return [
        (row.organization.name, row.get_state_display(), row.motive, row.pledged_at, row.trained_on, row.valid_from)
        for row in rows
    ]


def care_rows(member):
    rows = MatchCase.objects.filter(profile__member=member).select_related("volunteer__member").order_by("pk")
    return [(row.volunteer.member.name, row.opened_on, row.closed_on) for row in rows]


def contact_rows(member):
    """What she noted herself as a matchmaker, by case; whom it is about stands on her own page alone."""
    rows = ContactLog.objects.filter(case__volunteer__member=member).order_by("pk")
    return [(row.case_id, row.get_kind_display(), row.at, row.words) for row in rows]


def introduction_rows(member):
    """Her introductions with her own answer; of the other one the nickname, and never the answer."""
    rows = Introduction.objects.of(member).for_list().order_by("pk")
    return [
        (
            row.other(member).nickname,
            row.get_state_display(),
            getattr(row, f"get_{row.side(member)}_answer_display")(),
            row.answer_by,
            row.meets_at,
            row.words,
        )
        for row in rows
    ]


def feedback_rows(member):
    rows = MeetingFeedback.objects.filter(member=member).order_by("pk")
    return [(row.introduction_id, row.get_impression_display(), row.words, row.created_at) for row in rows]


def helped(member):
    """Who looks after her, and the other ones of her introductions."""
    found = []
    helper = my_helper(member)
    if helper is not None:
        fields = [_("Your profile, as verified singles see it")]
        if helper.may_call:
            fields.append(_("Your name and mobile number"))
        who = _("Your matchmaker: %(name)s") % {"name": helper.name}
        found.append(Assigned(who, _("Looking after you"), tuple(fields)))
    for row in Introduction.objects.of(member).live().for_list().order_by("pk"):
        card = (_("Your profile, without name, unit and number"),)
        found.append(Assigned(row.other(member).nickname, _("An introduction"), card))
    return found


def helps_at_places(member):
    """The organisation she helps as a matchmaker."""
    mine = volunteer_of(member)
    return [(mine.organization.path, mine.organization.name)] if mine is not None else []


SOURCES += (
    Source(
        "volunteer",
        _("My help as a matchmaker"),
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
        (_("Case"), _("Kind"), _("At"), _("Note")),
        contact_rows,
    ),
    Source("care", _("Who looks after me"), (_("Matchmaker"), _("Since"), _("Until")), care_rows),
    Source(
        "introductions",
        _("My introductions"),
        (_("Nickname"), _("State"), _("My answer"), _("Answer by"), _("They meet at"), _("What speaks for it")),
        introduction_rows,
    ),
    Source(
        "feedback",
        _("What I said after meetings"),
        (_("Introduction"), _("How was it?"), _("In your own words"), _("At")),
        feedback_rows,
    ),
)
SEEN += (
    Seen(
        "matchmaking.volunteer",
        Area.MATCHMAKING,
        Capability.VIEW,
        _("That you help as a matchmaker"),
        (_("Full name"), _("Unit"), _("Why I want to help"), _("Trained on"), _("How many people you look after")),
        helps_at_places,
    ),
)
