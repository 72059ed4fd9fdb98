"""The text messages of matchmaking, in the form that the SMS provider approves.

They are discreet, because a phone shows them while it is locked: they name no person, no choice and no pair.
"""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import Parameter, Shape, SmsTemplate

EVENT = Parameter("title", Shape.NAME, instead=_("An event"))
WEDDING = Parameter("title", Shape.NAME, instead=_("A group wedding"))
BEGINS = (Parameter("day", Shape.DAY, source="at"), Parameter("time", Shape.CLOCK, source="at"))
UNTIL = (Parameter("day", Shape.DAY, source="until"), Parameter("time", Shape.CLOCK, source="until"))

TEMPLATES = (
    SmsTemplate(
        "matchmaking.invited",
        _("You are invited to “%(title)s”. Please read the details in the portal and decide whether to sign up."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.offered",
        _("A place at “%(title)s” is reserved for you until %(day)s %(time)s. Please confirm it in the portal."),
        (EVENT, *UNTIL),
    ),
    SmsTemplate(
        "matchmaking.offer_expiring",
        _("Your reserved place at “%(title)s” expires on %(day)s at %(time)s. Please confirm it in the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.event_changed",
        _("The time or place of “%(title)s” has changed. It begins on %(day)s at %(time)s. Please check the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.event_cancelled",
        _("“%(title)s” is cancelled. Please see the reason in the portal. We are sorry."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.event_tomorrow",
        _("“%(title)s” begins on %(day)s at %(time)s. Please see the place and the route in the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.purpose_changed",
        _("The purpose of “%(title)s” has changed. Please read it in the portal and agree again, or leave."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.consent_due",
        _("You have not agreed to the purpose of “%(title)s” yet. Please read it in the portal and agree, or leave."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.choice_closing",
        _("A step of “%(title)s” closes on %(day)s at %(time)s. Please check the portal before then."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.follow_up_ask",
        _("Some time has passed since “%(title)s”. You can tell us in the portal how you are, or stop these messages."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.wedding_asked",
        _(
            "You are invited to take part in “%(title)s” as a couple. Please check the portal; if you "
            "decline, nobody is told."
        ),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_changed",
        _("The date or place of “%(title)s” has changed. Please check the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_cancelled",
        _("“%(title)s” will not take place. Please see the reason in the portal. We are sorry."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_held",
        _("“%(title)s” has ended. Thank you for taking part."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_confirmed",
        _(
            "Your application for “%(title)s” is confirmed by both of you. The organiser will review "
            "it and tell you both."
        ),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_closing",
        _(
            "Applications for “%(title)s” close soon, and yours is not confirmed by both of you yet. "
            "Please check the portal."
        ),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_accepted",
        _("Congratulations, you have a place at “%(title)s”. Please see the details in the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_waitlisted",
        _("You are on the waiting list of “%(title)s”. You will be told when a place becomes free."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_declined",
        _("Your application for “%(title)s” was declined. Please see the reason in the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_withdrawn",
        _("The application for “%(title)s” was withdrawn."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_over",
        _("“%(title)s” is full, and no place became free. We wish you both all the best."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_unconfirmed",
        _("Applications for “%(title)s” are closed. Yours was not confirmed by both of you in time."),
        (WEDDING,),
    ),
)
