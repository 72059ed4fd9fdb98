"""The text messages of childcare, in the form that the SMS provider approves.

A phone shows them while it is locked, so they name no child.
"""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import Parameter, Shape, SmsTemplate

BEGINS = (Parameter("day", Shape.DAY, source="day"),)
AT = (Parameter("day", Shape.DAY, source="at"), Parameter("time", Shape.CLOCK, source="at"))
UNTIL = (Parameter("day", Shape.DAY, source="until"), Parameter("time", Shape.CLOCK, source="until"))

TEMPLATES = (
    SmsTemplate(
        "childcare.place_offered",
        _("A place in a holiday class is held for you until %(day)s %(time)s. Please confirm it in the portal."),
        UNTIL,
    ),
    SmsTemplate(
        "childcare.term_changed",
        _("A holiday class for which you applied has changed. It begins on %(day)s. Please check the portal."),
        BEGINS,
    ),
    SmsTemplate(
        "childcare.term_cancelled",
        _("A holiday class for which you applied is cancelled. Please see the reason in the portal. We are sorry."),
        (),
    ),
    SmsTemplate(
        "childcare.class_tomorrow",
        _("The holiday class of your child begins on %(day)s at %(time)s. Please see the place in the portal."),
        AT,
    ),
)
