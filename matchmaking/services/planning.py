"""What events are planned from: series, themes, venues, partners."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from matchmaking.models import EventPartner, EventSeries, EventTheme, Venue
from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import DomainError
from portal.messaging.services import touch


@transaction.atomic
def _create(actor, row, action):
    row.full_clean()
    row.save(force_insert=True)
    audit_record(actor=actor, action=action, about=row)
    return row


@transaction.atomic
def _update(actor, row, action, version, fields):
    held = locks.hold_version(row, version)
    touched = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in touched:
        setattr(held, name, fields[name])
    if version is not None:
        held.version += 1
    held.full_clean()
    held.save()
    audit_record(actor=actor, action=action, about=held, fields=touched)
    return held


def series_create(*, actor, organization, **fields):
    """Lay down a series for an organisation and all below it."""
    return _create(actor, EventSeries(organization=organization, **fields), "series.create")


def series_update(*, actor, series, version, **fields):
    """Change a series; raises Conflict when another edit came first."""
    return _update(actor, series, "series.update", version, fields)


def theme_create(*, actor, **fields):
    """Add a theme with its text to start from."""
    return _create(actor, EventTheme(**fields), "theme.create")


def theme_update(*, actor, theme, **fields):
    """Change a theme; events keep the words they have."""
    return _update(actor, theme, "theme.update", None, fields)


def venue_create(*, actor, organization, **fields):
    """Enter a venue into the library of an organisation."""
    return _create(actor, Venue(organization=organization, **fields), "venue.create")


def venue_update(*, actor, venue, version, **fields):
    """Change a venue; raises Conflict when another edit came first."""
    return _update(actor, venue, "venue.update", version, fields)


def venues_bulk_create(*, rows):
    """Write checked venues in bulk; ``rows`` are the fields of each. Returns the rows."""
    return Venue.objects.bulk_create([Venue(**row) for row in rows], batch_size=500)


@transaction.atomic
def venues_take_back(*, pks):
    """Delete venues of an import as long as no event is held at one of them; return how many."""
    try:
        return Venue.objects.filter(pk__in=pks).delete()[0]
    except ProtectedError:
        raise DomainError(_("An event is planned at one of these venues already."), code="in-use") from None


def partner_add(*, actor, event, kind, name="", organization=None, contribution=""):
    """Put a partner on an event; a union is named as the portal has it."""
    if organization is not None and event.organization_id == organization.pk:
        raise DomainError(_("This organisation holds the event itself."), code="is-lead")
    name = organization.name[:60] if organization is not None else name
    if not name:
        raise DomainError(_("Name the partner, or choose the union."), code="nameless")
    row = EventPartner(event=event, kind=kind, name=name, organization=organization, contribution=contribution)
    _touch_joint(event, organization)
    return _create(actor, row, "partner.create")


def _touch_joint(event, organization):
    """Tell the figures that an event is joint, or no longer: its organiser's and the partner's."""
    if organization is not None:
        for place in (event.organization_id, organization.pk):
            touch(event._meta.label_lower, place, event.starts_at, event.starts_at)


@transaction.atomic
def partner_remove(*, actor, partner):
    """Take a partner off an event."""
    audit_record(actor=actor, action="partner.remove", about=partner)
    _touch_joint(partner.event, partner.organization)
    partner.delete()
