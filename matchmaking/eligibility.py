"""Who may join an event, and until when an offered place is held."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking.choices import EventState
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from portal.members.identity import age_on
from portal.organizations.selectors import legal_number

OFFER_HOURS = 48


def offer_ends_at(event, now):
    """48 hours, but never past the opening of the choice round."""
    return min(now + timedelta(hours=OFFER_HOURS), event.choice_opens_at)


def refusal(event, member, birth_date, now):
    """Return why ``member`` cannot join at ``now``, or ''.

    The legal age of marriage (Civil Code 1047) is judged on the day of the event.
    """
    day = timezone.localdate(event.starts_at)
    if event.state != EventState.PUBLISHED or now >= event.signup_closes_at:
        return _("Sign-up for this event is closed.")
    if now < event.signup_opens_at:
        return _("Sign-up for this event has not opened yet.")
    if member.organization_id is None or not member.organization.path.startswith(event.organization.path):
        return _("This event is for members of the organisations below the one that holds it.")
    if member.marital_status == MaritalStatus.OTHER:
        return _("This event is for singles. If your union's entry is out of date, ask your unit to correct it.")
    if birth_date is None:
        return _("Your birth date is not on your union's roster. Ask your unit to add it, then sign up.")
    age = age_on(birth_date, day)
    key = "marriage_age_man" if member.sex == Sex.MALE else "marriage_age_woman"
    if age < legal_number(key, on=day):
        return _("On the day of the event you are below the legal age of marriage.")
    if (event.age_from and age < event.age_from) or (event.age_to and age > event.age_to):
        return _("This event is for another age group.")
    return ""
