"""The indicators of cases, counted from the ledger, and of law sessions."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.figures import Flow, Indicator, Sum
from rights.choices.cases import LedgerKind
from rights.choices.law_sessions import LawSessionState
from rights.models import CaseLedgerEntry, LawSession

CASES = _("cases")


def _counted(kind):
    return Flow(lambda: CaseLedgerEntry.objects.released().filter(kind=kind), organization="organization", on="on")


def _held(**more):
    return Flow(
        lambda: LawSession.objects.filter(state=LawSessionState.HELD),
        organization="organization",
        on="starts_at",
        **more,
    )


INDICATORS = [
    Indicator(
        "RT06",
        _("Requests for help"),
        _("Requests received, by the day of arrival, at the union that received them, once the month is over."),
        _("requests"),
        Area.RIGHTS,
        _counted(LedgerKind.ASKED),
        order=301,
    ),
    Indicator(
        "RT07",
        _("Cases accepted"),
        _("Requests that a union accepted for the first time, by the day of acceptance, once the month is over."),
        CASES,
        Area.RIGHTS,
        _counted(LedgerKind.ACCEPTED),
        order=302,
        headline=True,
    ),
    Indicator(
        "RT08",
        _("Cases closed"),
        _("Cases closed, by the day of closing, once the month is over; a case that is reopened no longer counts."),
        CASES,
        Area.RIGHTS,
        _counted(LedgerKind.CLOSED),
        order=303,
        headline=True,
    ),
    Indicator(
        "RT14",
        _("Law sessions held"),
        _("Lectures, classes and consultations on the rights of women workers that were held, by their day."),
        _("sessions"),
        Area.RIGHTS,
        _held(),
        order=310,
    ),
    Indicator(
        "RT14b",
        _("Visits to law sessions"),
        _("People who came to law sessions, counted at each session; whoever came twice counts twice."),
        _("visits"),
        Area.RIGHTS,
        _held(measure=Sum("visits")),
        order=311,
    ),
]
