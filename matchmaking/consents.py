"""What a single is asked to agree to, sentence by sentence; a changed sentence is a new version."""

from django.utils.translation import gettext_lazy as _

from portal.members.services.consents import Purpose

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
