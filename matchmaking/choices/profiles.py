"""States and choices of profiles of singles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class ProfileState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    UNIT_VETTING = "unit_vetting", _("With her unit")
    REFUSED = "refused", _("Refused by the unit")
    VERIFIED = "verified", _("Verified")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    MATCHED = "matched", _("In a relationship")
    EXITED = "exited", _("Left")


PROFILE_TRANSITIONS = {
    ProfileState.DRAFT: {ProfileState.UNIT_VETTING: Step(), ProfileState.EXITED: Step(time=True)},
    ProfileState.UNIT_VETTING: {
        ProfileState.VERIFIED: Step(),
        ProfileState.REFUSED: Step(),
        ProfileState.DRAFT: Step(time=True),
        ProfileState.EXITED: Step(time=True),
    },
    # A county that upholds an appeal verifies in the unit's place.
    ProfileState.REFUSED: {
        ProfileState.UNIT_VETTING: Step(),
        ProfileState.VERIFIED: Step(),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.VERIFIED: {
        ProfileState.ACTIVE: Step(),
        # Whoever takes part in events without being found can be in a relationship as well.
        ProfileState.MATCHED: Step(time=True),
        ProfileState.DRAFT: Step(time=True),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.ACTIVE: {
        ProfileState.PAUSED: Step(time=True),
        ProfileState.MATCHED: Step(time=True),
        ProfileState.DRAFT: Step(time=True),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.PAUSED: {
        ProfileState.ACTIVE: Step(),
        ProfileState.MATCHED: Step(time=True),
        ProfileState.DRAFT: Step(time=True),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.MATCHED: {
        ProfileState.ACTIVE: Step(),
        ProfileState.DRAFT: Step(time=True),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.EXITED: {ProfileState.DRAFT: Step()},
}
# Singles whose declaration was confirmed and who say nothing else since: they may take part in what is for singles.
SINGLE_STATES = (ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED)
VOUCHED = (ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED, ProfileState.MATCHED)


class Education(models.IntegerChoices):
    """Ordered, so that "at least" is a comparison."""

    SECONDARY = 1, _("Secondary school")
    COLLEGE = 2, _("Junior college")
    BACHELOR = 3, _("Bachelor")
    MASTER = 4, _("Master")
    DOCTOR = 5, _("Doctor")


class PhotoAudience(models.TextChoices):
    NOBODY = "nobody", _("Nobody")
    MUTUAL = "mutual", _("Only after both have agreed")
    VERIFIED = "verified", _("Verified singles who may find me")


class VettedBy(models.TextChoices):
    """Who gives the word on her: she chooses."""

    UNIT = "unit", _("My own unit")
    ABOVE = "above", _("The level above my unit; my unit does not hear of it")


# In these states nobody but herself sees the profile.
UNSEEN = (ProfileState.DRAFT, ProfileState.EXITED)


def shared_beginning(one: str, two: str) -> str:
    """Return the deepest path both lie in: /1/14/3/ and /1/14/9/ meet at /1/14/."""
    found = "/"
    for mine, theirs in zip(one.strip("/").split("/"), two.strip("/").split("/"), strict=False):
        if mine != theirs:
            break
        found += f"{mine}/"
    return found


def above_both(one: str, two: str) -> str:
    """Return the path of the organisation that stands above both units; of the root the root itself.

    /1/14/3/ and /1/14/9/ -> /1/14/; of one unit, /1/14/3/ twice -> /1/14/; of a unit and the county over it, the city.
    """
    shared = shared_beginning(one, two)
    if shared in (one, two):
        shared = shared[: shared.rstrip("/").rfind("/") + 1]
    return shared if shared != "/" else f"/{one.strip('/').split('/')[0]}/"
