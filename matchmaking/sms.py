"""The text messages of matchmaking, as a provider approves them.

They are discreet: a telephone shows them while it is locked. They name no person, no choice and no pair.
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
        _("You are invited to “%(title)s”. Read about it in the portal and decide whether you take part."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.offered",
        _("A place at “%(title)s” is free for you until %(day)s %(time)s. Take it in the portal."),
        (EVENT, *UNTIL),
    ),
    SmsTemplate(
        "matchmaking.offer_expiring",
        _("Your place at “%(title)s” is held until %(day)s %(time)s only. Take it in the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.event_changed",
        _("Time or place of “%(title)s” has changed. It begins on %(day)s at %(time)s. Please look in the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.event_cancelled",
        _("“%(title)s” is cancelled. The reason stands in the portal. We are sorry."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.event_tomorrow",
        _("“%(title)s” begins on %(day)s at %(time)s. You find the way there in the portal."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.purpose_changed",
        _("What “%(title)s” is for has changed. Please read it in the portal and agree anew, or leave."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.consent_due",
        _("Your agreement to “%(title)s” is missing. Please read it in the portal and agree, or leave."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.choice_closing",
        _("A step of “%(title)s” closes on %(day)s at %(time)s. Please look into the portal before."),
        (EVENT, *BEGINS),
    ),
    SmsTemplate(
        "matchmaking.follow_up_ask",
        _("It is a while since “%(title)s”. If you like, say in the portal how you are, or ask for no more messages."),
        (EVENT,),
    ),
    SmsTemplate(
        "matchmaking.wedding_asked",
        _("You are asked to take part in “%(title)s”. Read it in the portal; if you say no, nobody is told."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_changed",
        _("Day or place of “%(title)s” has changed. Please look at it in the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_cancelled",
        _("“%(title)s” will not take place. The reason stands in the portal. We are sorry."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.wedding_held",
        _("“%(title)s” is over. Thank you for being part of it."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_confirmed",
        _("Your application for “%(title)s” is confirmed by both. The organisers decide and tell you both."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_closing",
        _("Applications for “%(title)s” close soon, and yours is not confirmed by both yet. See the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_accepted",
        _("You have a place at “%(title)s”. Congratulations! You find all about it in the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_waitlisted",
        _("You are on the waiting list of “%(title)s”. You are told when a place gets free."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_declined",
        _("Your application for “%(title)s” was declined. The reason stands in the portal."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_withdrawn",
        _("The application for “%(title)s” is taken back."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_over",
        _("The list of “%(title)s” is full; no place got free. We wish you both all the best."),
        (WEDDING,),
    ),
    SmsTemplate(
        "matchmaking.couple_unconfirmed",
        _("The list of “%(title)s” is closed; your application was not confirmed by both in time."),
        (WEDDING,),
    ),
)
