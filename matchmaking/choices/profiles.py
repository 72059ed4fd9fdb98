"""States and choices of profiles of singles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.steps import Step


class ProfileState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    UNIT_VETTING = "unit_vetting", _("Under review by the unit")
    REFUSED = "refused", _("Rejected by the unit")
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
    # When an organisation above the unit upholds an appeal, it verifies the profile in place of the unit.
    ProfileState.REFUSED: {
        ProfileState.UNIT_VETTING: Step(),
        ProfileState.VERIFIED: Step(),
        ProfileState.EXITED: Step(time=True),
    },
    ProfileState.VERIFIED: {
        ProfileState.ACTIVE: Step(),
        # A single who takes part in events without being found may enter a relationship too.
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
# Singles with a confirmed declaration who have not said otherwise since: they may take part in offers for singles.
SINGLE_STATES = (ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED)
VOUCHED = (ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED, ProfileState.MATCHED)


class Education(models.IntegerChoices):
    """Levels of education, ordered so that "at least" is a comparison."""

    SECONDARY = 1, _("Secondary school")
    COLLEGE = 2, _("Junior college")
    BACHELOR = 3, _("Bachelor's degree")
    MASTER = 4, _("Master's degree")
    DOCTOR = 5, _("Doctorate")


class PhotoAudience(models.TextChoices):
    NOBODY = "nobody", _("Nobody")
    MUTUAL = "mutual", _("Only after both have agreed")
    VERIFIED = "verified", _("Verified singles who can find me")


class VettedBy(models.TextChoices):
    """The organisation that vets the profile, as the single chooses."""

    UNIT = "unit", _("My own unit")
    ABOVE = "above", _("The level above my unit; my unit is not told")


# In these states only the single sees the profile.
UNSEEN = (ProfileState.DRAFT, ProfileState.EXITED)


def shared_beginning(one: str, two: str) -> str:
    """Return the deepest path that contains both: /1/14/ for /1/14/3/ and /1/14/9/."""
    found = "/"
    for mine, theirs in zip(one.strip("/").split("/"), two.strip("/").split("/"), strict=False):
        if mine != theirs:
            break
        found += f"{mine}/"
    return found


def above_both(one: str, two: str) -> str:
    """Return the path of the organisation above both units; for the root, the root itself.

    /1/14/3/ and /1/14/9/ -> /1/14/; the same unit twice, /1/14/3/ and /1/14/3/ -> /1/14/; a unit and the county over it
    -> the city.
    """
    shared = shared_beginning(one, two)
    if shared in (one, two):
        shared = shared[: shared.rstrip("/").rfind("/") + 1]
    return shared if shared != "/" else f"/{one.strip('/').split('/')[0]}/"
