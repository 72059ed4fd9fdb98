"""The consents asked of singles and matchmakers, by sentence; a changed sentence makes a new version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.members.consents import Purpose

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matchmaking.models import MatchEvent

EVENT = Purpose(
    code="matchmaking.event",
    version=1,
    title=_("Taking part in this event"),
    lines=(
        _("The people who hold the event see your name (shortened), your unit, your number and your line."),
        _("Confirmed participants of the other list see your number, age, line and photo, never name, unit or phone."),
        _("Your matchmaker sees your number, age and line."),
        _("Whom you choose is seen by nobody. Only when both choose each other, both are told."),
        _("Your own unit and your colleagues do not see that you take part."),
        _("You can take this back at any time; you are then withdrawn at once and your choices are deleted."),
    ),
)
OTHERS_SEE = 1


def event_purpose(event: MatchEvent) -> Purpose:
    """Return the consent for ``event``; events by invitation only have no photographs.

    A change of the purpose after publication makes a version of its own, with the words of the organisers.
    """
    lines = list(EVENT.lines)
    if event.restricted:
        lines[OTHERS_SEE] = _(
            "Confirmed participants of the other list see your number, age and line, never name, unit or phone."
            " There are no photos at this event."
        )
    if event.purpose_note:
        lines.append(event.purpose_note)
    return replace(EVENT, version=EVENT.version + event.consent_version - 1, lines=tuple(lines))


PAIR_CONTACT = Purpose(
    code="matchmaking.pair_contact",
    version=1,
    title=_("Getting in touch"),
    lines=(
        _("If both of you agree, each sees the other's name and mobile number."),
        _("Nobody is told when you do not agree, and you can take it back."),
    ),
)
PAIR_MATCHMAKER = Purpose(
    code="matchmaking.pair_matchmaker",
    version=1,
    title=_("Letting your matchmaker know"),
    lines=(_("Your matchmaker sees that you two chose each other, and your name and mobile number, to help."),),
)
WEDDING = Purpose(
    code="matchmaking.wedding",
    version=1,
    title=_("Taking part in a group wedding as a couple"),
    lines=(
        _("The other one reads your name when you ask, and confirms on her or his own page."),
        _("The people who hold the wedding see both your names, your units and the day your marriage was registered."),
        _("Your number is passed on to nobody. Your own unit is not told."),
        _("Either of you can take this back; the application is then withdrawn at once."),
    ),
)
PUBLICITY = Purpose(
    code="matchmaking.publicity",
    version=1,
    title=_("Being proposed to a medium"),
    lines=(
        _("Nothing about you is passed on before you agree, and nothing beyond what stands above."),
        _("You can say no without giving a reason; nothing else you use here changes by it."),
        _("You can take this back at any time; it ends at once, and whoever proposed you is told to stop."),
    ),
)


def publicity_of(medium: StrOrPromise, programme: str, purpose: str) -> Purpose:
    """Return the consent to one medium for one purpose; its first line names both."""
    named = _("You are proposed to %(medium)s, “%(programme)s”, for this: %(purpose)s") % {
        "medium": medium,
        "programme": programme,
        "purpose": purpose,
    }
    return replace(PUBLICITY, lines=(named, *PUBLICITY.lines))


SINGLE = Purpose(
    code="matchmaking.single",
    version=1,
    title=_("My declaration that I am single"),
    lines=(
        _("I declare that I am single: I am not married, and I am in no relationship."),
        _("What I write about myself is true. I tell the portal at once when it is no longer so."),
        _("Whoever declares something untrue is taken out of matchmaking, and her unit's word is withdrawn."),
        _("Whom I asked for it, my unit or the level above, may compare this with its roster."),
    ),
)
PROFILE = Purpose(
    code="matchmaking.profile",
    version=1,
    title=_("Being found by verified singles"),
    lines=(
        _("Verified singles whose wishes you fit, and who fit yours, see your nickname, age, words and hobbies."),
        _("Your photos and your unit's name are seen only as far as you say; name, phone and address by nobody."),
        _("Who vets you sees your shortened name, your unit and this declaration, never your words or photos."),
        _("The level above your unit sees that you have a profile, your shortened name and its state, and no words."),
        _("Nobody of your own unit finds you unless you allow it."),
        _("When you leave, you are gone from every list at once; six months later what is left is deleted."),
    ),
)
PLEDGE = Purpose(
    code="matchmaking.pledge",
    version=1,
    title=_("The pledge of a volunteer matchmaker"),
    lines=(
        _("I help without pay. I take no money, no gifts and no commission, and I sell nothing."),
        _("What I read about people stays with me: I copy nothing, photograph nothing, and pass nothing on."),
        _("I bring two people together only when both want it, and I press nobody to say yes."),
        _("I never ask for anybody's number or unit; the portal passes it on when she agrees."),
        _("I tell the union at once when somebody is in danger or has lied."),
        _("When I stop, my people are handed back, and I see nothing of them any more."),
    ),
)
CASE_CONTACT = Purpose(
    code="matchmaking.case_contact",
    version=1,
    title=_("My matchmaker may call me"),
    lines=(
        _("Your matchmaker sees your name and mobile number, to talk with you about introductions."),
        _("She alone sees them, only while she looks after you, and you can take this back at any time."),
    ),
)
INTRODUCTION_CONTACT = Purpose(
    code="matchmaking.introduction_contact",
    version=1,
    title=_("Getting in touch after an introduction"),
    lines=(
        _("If both of you agree, each sees the other's name and mobile number."),
        _("Your matchmaker does not see that you agreed. Nobody is told when you do not, and you can take it back."),
    ),
)
