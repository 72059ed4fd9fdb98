"""The text messages of law sessions, in the form that the SMS provider approves.

A phone shows them while it is locked, so they name neither the session nor what it is about.
"""

from django.utils.translation import gettext_lazy as _

from portal.messaging.texts import Parameter, Shape, SmsTemplate

BEGINS = (Parameter("day", Shape.DAY, source="at"), Parameter("time", Shape.CLOCK, source="at"))
UNTIL = (Parameter("day", Shape.DAY, source="until"), Parameter("time", Shape.CLOCK, source="until"))

TEMPLATES = (
    SmsTemplate(
        "rights.session_offered",
        _("A place at a session is reserved for you until %(day)s %(time)s. Please confirm it in the portal."),
        UNTIL,
    ),
    SmsTemplate(
        "rights.session_changed",
        _("The time or place of a session has changed. It begins on %(day)s at %(time)s. Please check the portal."),
        BEGINS,
    ),
    SmsTemplate(
        "rights.session_cancelled",
        _("A session for which you signed up is cancelled. Please see the reason in the portal. We are sorry."),
        (),
    ),
    SmsTemplate(
        "rights.session_tomorrow",
        _("A session for which you signed up begins on %(day)s at %(time)s. Please see the place in the portal."),
        BEGINS,
    ),
)
