"""Events, couples, profiles: the data on a single in matchmaking, and the people who see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import Pool
from matchmaking.choices.pairs import PairState
from matchmaking.choices.profiles import UNSEEN, PhotoAudience, ProfileState
from matchmaking.models import (
    AbuseReport,
    Block,
    EventDemand,
    EventMatchmaker,
    Invitation,
    Nomination,
    Pair,
    Participation,
    SingleProfile,
    WeddingCouple,
)
from matchmaking.own_data.helping import helped
from matchmaking.selectors.couples import other_name
from matchmaking.selectors.participations import standing_consents
from portal.core.choices import Area, Capability
from portal.core.own_data import Assigned, Seen, Source, kept
from portal.core.text import listed
from portal.signups.choices import LIVE, SignUpState

if TYPE_CHECKING:
    from matchmaking.querysets.participations import ParticipationQuerySet
    from portal.members.models import Member

    Rows = list[tuple[object, ...]]
    Places = list[tuple[str, str]]


def _participations(member: Member) -> ParticipationQuerySet:
    return Participation.objects.filter(member=member).select_related("offering__organization", "matchmaker__member")


def participation_rows(member: Member) -> Rows:
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


def pair_rows(member: Member) -> Rows:
    """Return the member's pairs with the other person's number.

    Names stay on the page that both agreed to.
    """
    pairs = Pair.objects.all().of(member).select_related("event", "one", "two").order_by("pk")
    return [
        (
            pair.event.title,
            pair.held_on,
            pair.other(member).number,
            pair.get_state_display(),
            PairState(getattr(pair, f"{pair.side(member)}_says")).label,
            pair.registered_on,
            _("no") if getattr(pair, f"{pair.side(member)}_quiet") else _("yes"),
        )
        for pair in pairs
    ]


def wedding_rows(member: Member) -> Rows:
    """Return the member's applications for weddings; the other person is named if they confirmed."""
    rows = WeddingCouple.objects.all().of(member).select_related("wedding", "asker", "partner").order_by("pk")
    return [
        (row.wedding.title, row.wedding.on, other_name(row, member), row.get_state_display(), row.registered_on)
        for row in rows
    ]


def nomination_rows(member: Member) -> Rows:
    rows = Nomination.objects.all().of(member).select_related("organization").order_by("pk")
    return [
        (row.organization.name, row.get_medium_display(), row.programme, row.purpose, row.get_state_display())
        for row in rows
    ]


def at_her_weddings(member: Member) -> Places:
    """Return the organisations of group weddings that the member applied for, each with its wedding."""
    rows = WeddingCouple.objects.all().of(member).live().select_related("wedding__organization")
    return [(row.wedding.organization.path, row.wedding.title) for row in rows.filter(place__isnull=False)]


def at_her_nominations(member: Member) -> Places:
    """Return the organisations that propose the member to a medium."""
    rows = Nomination.objects.all().of(member).select_related("organization")
    return [(row.organization.path, row.programme) for row in rows]


def matchmaker_rows(member: Member) -> Rows:
    rows = EventMatchmaker.objects.filter(member=member).select_related("event").order_by("pk")
    return [(row.event.title, row.valid_from, row.valid_until) for row in rows]


def at_her_events(member: Member) -> Places:
    """Return the organisations of events that the member signed up for, each with its event."""
    return [(row.offering.organization.path, row.offering.title) for row in _not_left(member)]


def _not_left(member: Member) -> list[Participation]:
    gone = [SignUpState.WITHDRAWN, SignUpState.LEFT]
    return kept(member, "matchmaking", lambda: list(_participations(member).exclude(state__in=gone).order_by("pk")))


def assigned(member: Member) -> list[Assigned]:
    """Return who sees the member's card or contact: matchmaker, the other list, the other one of a pair.

    The first two are listed for events in which the member takes part now.
    """
    found = []
    card = (_("Your number, age and one-line introduction"),)
    for row in _not_left(member):
        if row.state not in LIVE:
            continue
        if row.matchmaker:
            who = _("Your matchmaker: %(name)s") % {"name": row.matchmaker.member.name}
            found.append(Assigned(who, row.offering.title, card))
        if row.holds_place:
            fields = (_("Your number, age, one-line introduction and photo, while the choice round is open"),)
            found.append(Assigned(_("Confirmed participants on the other list"), row.offering.title, fields))
    contact = (_("Your name and mobile number"),)
    found += assigned_to_profile(member)
    pairs = Pair.objects.all().of(member).with_consents(standing_consents()).select_related("event", "one", "two")
    for pair in pairs:
        side = pair.side(member)
        if getattr(pair, f"{side}_contact"):
            who = _("No. %(number)s, if both of you agreed") % {"number": pair.other(member).number}
            found.append(Assigned(who, pair.event.title, contact))
        if getattr(pair, f"{side}_matchmaker"):
            found.append(Assigned(_("Your matchmaker, if you informed them"), pair.event.title, contact))
    return [*found, *helped(member)]


def demand_rows(member: Member) -> Rows:
    rows = EventDemand.objects.own(member).select_related("theme").order_by("pk")
    return [(row.theme.name if row.theme else "", row.wish, row.get_state_display(), row.created_at) for row in rows]


def invitation_rows(member: Member) -> Rows:
    rows = Invitation.objects.filter(member=member).select_related("event").order_by("pk")
    return [(row.event.title, row.created_at) for row in rows]


def at_her_invitations(member: Member) -> Places:
    """Return the organisations that invited the member, each with its event."""
    rows = Invitation.objects.filter(member=member).select_related("event__organization")
    return [(row.event.organization.path, row.event.title) for row in rows]


def profile_rows(member: Member) -> Rows:
    """Return everything that the member wrote and chose in the profile."""
    return [
        (
            row.get_state_display(),
            row.nickname,
            row.about,
            row.hopes,
            row.height_cm,
            row.get_education_display() if row.education else "",
            row.occupation,
            row.region.name if row.region else "",
            listed(tag.name for tag in row.hobbies.all()),
            row.photos.count(),
            _("yes") if row.hidden_from_own_unit else _("no"),
            row.get_photo_audience_display(),
            row.declared_at,
            row.vetting_organization.name if row.vetting_organization else "",
            row.verified_until.isoformat() if row.verified_until else "",
            row.refusal_reason,
        )
        for row in SingleProfile.objects.own(member).select_related("region", "vetting_organization")
    ]


def block_rows(member: Member) -> Rows:
    return [(row.label, row.created_at) for row in Block.objects.filter(blocker=member).order_by("pk")]


def report_rows(member: Member) -> Rows:
    """Return the reports made by the member; reports about the member are not included."""
    return [
        (row.get_kind_display(), row.words, row.get_state_display(), row.answer, row.created_at)
        for row in AbuseReport.objects.own(member).order_by("pk")
    ]


def _live_profile(member: Member) -> SingleProfile | None:
    """Return the profile unless it is hidden from everybody; ``member`` keeps it, because a page asks three times."""
    profile = getattr(member, "single_profile", None)
    return None if profile is None or profile.state in UNSEEN else profile


def where_vetted(member: Member) -> Places:
    """Return the organisation that the member asked for vetting, while it vets the profile."""
    profile = _live_profile(member)
    if profile is None or profile.state != ProfileState.UNIT_VETTING or profile.vetting_organization is None:
        return []
    return [(profile.vetting_organization.path, "")]


def where_listed(member: Member) -> Places:
    """Return the level above the member's unit.

    The unit itself is left out, since a profile may be hidden from it.
    """
    profile = _live_profile(member)
    if profile is None or member.organization is None:
        return []
    path = member.organization.path
    return [(path[: path.rstrip("/").rfind("/") + 1], "")]


def assigned_to_profile(member: Member) -> list[Assigned]:
    """Return verified singles as readers of the profile, as far as the member allowed it."""
    profile = _live_profile(member)
    if profile is None or profile.state != ProfileState.ACTIVE:
        return []
    fields = [_("Nickname, age, where you live, education, kind of work, height, self-description and hobbies")]
    if profile.photo_audience == PhotoAudience.VERIFIED:
        fields.append(_("Photos"))
    if profile.unit_shown:
        fields.append(_("Your unit's name"))
    who = _("Verified singles who match your wishes and whose wishes you match")
    return [Assigned(who, _("Finding singles"), tuple(fields))]


SOURCES = (
    Source(
        "participations",
        _("Events I signed up for"),
        (
            _("Event"),
            _("Organiser"),
            _("Card number"),
            _("List"),
            _("State"),
            _("Age"),
            _("One-line introduction"),
            _("Photo"),
            _("Signed up at"),
        ),
        participation_rows,
    ),
    Source(
        "pairs",
        _("My pairs"),
        (
            _("Event"),
            _("Day"),
            _("The other person's number"),
            _("State"),
            _("What I stated about us"),
            _("Marriage registered on"),
            _("Follow-up calls"),
        ),
        pair_rows,
    ),
    Source(
        "matchmaker",
        _("Events I accompany as a matchmaker"),
        (_("Event"), _("From"), _("Until (not included)")),
        matchmaker_rows,
    ),
    Source(
        "demands",
        _("Events I requested"),
        (_("Theme"), _("Your wishes"), _("State"), _("Requested on")),
        demand_rows,
    ),
    Source("invitations", _("Events I am invited to"), (_("Event"), _("Invited on")), invitation_rows),
    Source(
        "weddings",
        _("Group weddings I applied for"),
        (_("Group wedding"), _("Day"), _("With"), _("State"), _("Marriage registered on")),
        wedding_rows,
    ),
    Source(
        "nominations",
        _("Media outlets I was nominated to"),
        (_("Organisation"), _("Media type"), _("Programme or column"), _("Purpose"), _("State")),
        nomination_rows,
    ),
    Source(
        "single_profile",
        _("My single's profile"),
        (
            _("State"),
            _("Nickname"),
            _("About me"),
            _("Whom I hope to meet"),
            _("Height in cm"),
            _("Education"),
            _("Kind of work"),
            _("Where I live"),
            _("Hobbies"),
            _("Photos"),
            _("Hidden from my own unit"),
            _("Who sees my photos"),
            _("Declared single at"),
            _("Confirming organisation"),
            _("Confirmed until (not included)"),
            _("Reason for the rejection"),
        ),
        profile_rows,
    ),
    Source("blocks", _("People I blocked"), (_("Person"), _("Since")), block_rows),
    Source(
        "abuse_reports",
        _("What I reported"),
        (_("What happened"), _("In your own words"), _("State"), _("Answer"), _("Filed at")),
        report_rows,
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
        _("The organisers of the event. Nobody sees whom you choose."),
    ),
    Seen(
        "matchmaking.invitations",
        Area.MATCHMAKING,
        Capability.EDIT,
        _("That you are invited to an event"),
        (_("Name"), _("Unit")),
        at_her_invitations,
        _("The organisers of the event, and no organisation above or beside them."),
        place_only=True,
    ),
    Seen(
        "matchmaking.couples",
        Area.MATCHMAKING,
        Capability.EDIT,
        _("That you applied for a group wedding"),
        (_("Your name"), _("Unit"), _("Marriage registered on")),
        at_her_weddings,
        _("The organisers of the wedding, once both of you have confirmed."),
    ),
    Seen(
        "matchmaking.nominations",
        Area.MATCHMAKING,
        Capability.EDIT,
        _("That you are nominated to a media outlet"),
        (_("Your name, shortened until you agree"), _("Media type"), _("Purpose")),
        at_her_nominations,
    ),
    Seen(
        "matchmaking.vetting",
        Area.MATCHMAKING,
        Capability.APPROVE,
        _("That you request confirmation that you are single"),
        (_("Your name, shortened"), _("Unit"), _("Marital status as stated by the unit"), _("Your declaration")),
        where_vetted,
        _("Only during the review. What you wrote, your photos and your wishes are not shown."),
    ),
    Seen(
        "matchmaking.profiles",
        Area.MATCHMAKING,
        Capability.EDIT,
        _("That you have a single's profile"),
        (_("Your name, shortened"), _("Unit"), _("State"), _("Validity of the confirmation")),
        where_listed,
        _(
            "Only above your unit, and not at organisations you hide from. What you wrote, your photos "
            "and your wishes are not shown."
        ),
    ),
)
