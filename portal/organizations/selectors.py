"""Reads of reference data."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import WorkingCalendar
from portal.core.errors import DomainError
from portal.organizations.choices import DayKind
from portal.organizations.models import CalendarDay, LegalParameter


def legal_number(key, *, on, region=None):
    """Return the number of ``key`` in force on day ``on`` (Decimal).

    The region's own where there is one, else the nation's. DomainError where no row holds: an
    administrator must load the legal parameters first.
    """
    rows = LegalParameter.objects.filter(key=key, valid_from__lte=on).filter(Q(region=None) | Q(region=region))
    row = max(rows, key=lambda found: (found.region_id is not None, found.valid_from), default=None)
    if row is None:
        raise DomainError(_("A legal number this page needs is not set. Please tell the administrator."), code="no-law")
    return row.value


def working_calendar():
    """Return the working days as the administrators keep them; one query."""
    days = list(CalendarDay.objects.values_list("day", "kind"))
    return WorkingCalendar(
        holidays=frozenset(day for day, kind in days if kind == DayKind.HOLIDAY),
        workdays=frozenset(day for day, kind in days if kind == DayKind.WORKING),
        years=frozenset(day.year for day, _kind in days),
    )
