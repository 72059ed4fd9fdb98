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
