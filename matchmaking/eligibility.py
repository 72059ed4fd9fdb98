"""Rules on who may join an event, and until when an offered place is reserved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState, Pool
from matchmaking.choices.profiles import ProfileState
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from portal.members.identity import age_on
from portal.organizations.selectors import legal_number
from portal.signups.choices import Blocked, Door
from portal.signups.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_stubs_ext import StrOrPromise

    from matchmaking.models import MatchEvent, Participation, SingleProfile
    from portal.members.models import Member

OFFER_HOURS = 48
WALK_IN_BEFORE = timedelta(hours=2)
AT_THE_DOOR = (EventState.SIGNUP_CLOSED, EventState.SHORTLISTED, EventState.RUNNING)


class EventPlaces(Places):
    """Places on the two lists of an event, with balance between the lists and a limit per unit.

    ``tolerance`` is the number by which one list may be longer than the other (None: any); ``unit_cap`` is how many
    people of one unit may hold a place (None: any). With 20 women and 17 men holding places and a tolerance of 3, no
    woman is promoted.
    """

    fields = ("pool", "unit_id")

    def __init__(
        self,
        *,
        capacity: Callable[[str], int],
        held: Mapping[tuple[Any, ...], int],
        tolerance: int | None = None,
        unit_cap: int | None = None,
    ) -> None:
        super().__init__(capacity=capacity, held=held)
        self.tolerance = tolerance
        self.unit_cap = unit_cap

    def blocks(self, signup: Participation) -> str:  # type: ignore[override]  # the lists of an event hold no others
        full = super().blocks(signup)
        if full:
            return full
        if self.tolerance is not None:
            other = Pool.WOMEN if signup.pool == Pool.MEN else Pool.MEN
            if self.holding(signup.pool) + 1 - self.holding(other) > self.tolerance:
                return Blocked.BALANCE
        if self.unit_cap is not None and signup.unit_id is not None:
            of_unit = sum(count for (_pool, unit), count in self.held.items() if unit == signup.unit_id)
            if of_unit >= self.unit_cap:
                return Blocked.UNIT
        return ""


def offer_ends_at(event: MatchEvent, now: datetime) -> datetime:
    """Return the end of an offer: 48 hours from ``now``, but not after the choice round opens."""
    return min(now + timedelta(hours=OFFER_HOURS), event.choice_opens_at)


def refusal(
    event: MatchEvent, member: Member, birth_date: date | None, now: datetime, door: Door = Door.SELF
) -> StrOrPromise:
    """Return why ``member`` cannot join at ``now`` through ``door``, or ''.

    The legal age of marriage (Civil Code 1047) is checked for the day of the event.
    """
    day = timezone.localdate(event.starts_at)
    closed = _closed_door(event, now) if door == Door.WALK_IN else _closed(event, now)
    if closed:
        return closed
    if member.organization is None or not member.organization.path.startswith(event.organization.path):
        return _("This event is for members of the organisations below the organiser.")
    if member.marital_status == MaritalStatus.OTHER:
        return _(
            "This event is for singles. If your entry in the union's roster is out of date, ask "
            "your unit to correct it."
        )
    if birth_date is None:
        return _("Your birth date is not on your union's roster. Ask your unit to add it, then sign up.")
    age = age_on(birth_date, day)
    key = "marriage_age_man" if member.sex == Sex.MALE else "marriage_age_woman"
    if age < legal_number(key, on=day):
        return _("On the day of the event you are below the legal age of marriage.")
    if (event.age_from and age < event.age_from) or (event.age_to and age > event.age_to):
        return _("This event is for another age group.")
    return ""


def _closed(event: MatchEvent, now: datetime) -> StrOrPromise:
    if event.state != EventState.PUBLISHED or now >= event.signup_closes_at:
        return _("Sign-up for this event is closed.")
    if now < event.signup_opens_at:
        return _("Sign-up for this event has not opened yet.")
    return ""


def _closed_door(event: MatchEvent, now: datetime) -> StrOrPromise:
    """Return why nobody can be admitted without a sign-up now, or ''.

    It is possible from two hours before the event until its end.
    """
    if event.state not in AT_THE_DOOR or not event.starts_at - WALK_IN_BEFORE <= now < event.ends_at:
        return _("People can be admitted at the entrance only while the event is under way.")
    return ""


# By the state of the profile; the other reasons have their own sentences below.
NO_STANDING: dict[str, StrOrPromise] = {
    ProfileState.UNIT_VETTING: _(
        "Your declaration that you are single is still under review. You can take part once it is confirmed."
    ),
    ProfileState.REFUSED: _(
        "Your declaration that you are single was not confirmed. Correct it or submit an appeal on your profile page."
    ),
    ProfileState.MATCHED: _(
        "You have told us that you are in a relationship: all the best. If it has ended, resume your profile first."
    ),
}
NOT_DECLARED = _(
    "This service is for singles whose declaration has been confirmed. Complete your profile and "
    "submit the declaration first."
)
SETTLED = _("The portal lists you as engaged or married: all the best to you both. This service is for singles.")
HELD = _("Your profile is suspended after a report. You will be notified when it can be resumed.")
RUN_OUT = _(
    "The confirmation that you are single is no longer valid. Submit your profile again; you "
    "can take part once it is confirmed."
)
# Staff read one sentence whatever the reason, which only the person learns.
BY_STAFF = _(
    "This person cannot be added to the list of an event for singles now. The reason is "
    "shown on the person's own profile page."
)


def standing_words(profile: SingleProfile | None, settled: bool) -> StrOrPromise:
    """Return why a person may not take part in offers for singles, in words for that person.

    ``profile`` may be None.
    """
    if settled:
        return SETTLED
    if profile is None:
        return NOT_DECLARED
    if profile.held:
        return HELD
    if profile.state in (ProfileState.DRAFT, ProfileState.EXITED):
        return NOT_DECLARED
    return NO_STANDING.get(profile.state, RUN_OUT)
