"""The indicators of cases: requests, accepted and closed cases, counted from the ledger."""

from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.figures import Flow, Indicator
from rights.choices.cases import LedgerKind
from rights.models import CaseLedgerEntry

CASES = _("cases")


def _counted(kind):
    return Flow(lambda: CaseLedgerEntry.objects.released().filter(kind=kind), organization="organization", on="on")


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
]
