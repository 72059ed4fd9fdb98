"""The search of parents for a holiday class or a nursery place; it shows no child and no person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from childcare.bands import bands_for
from childcare.models import ClassTerm, Nursery, NurseryPlaces
from childcare.models.terms import POOL
from portal.members.identity import age_on
from portal.signups.choices import HOLDING

if TYPE_CHECKING:
    from datetime import date

    from portal.organizations.models import Region

SHOWN = 100


@dataclass(frozen=True)
class Wanted:
    """What a parent looks for; None does not filter."""

    city: Region | None = None
    on: date | None = None
    born_on: date | None = None
    is_open: bool = False


def classes_found(wanted: Wanted) -> list[tuple[ClassTerm, int]]:
    """Return announced classes with the number of their free places, the earliest first."""
    rows: Any = ClassTerm.objects.announced().for_list()
    if wanted.city:
        rows = rows.filter(site__region__code__startswith=wanted.city.code[:4])
    if wanted.on:
        rows = rows.filter(first_on__lte=wanted.on, last_on__gte=wanted.on)
    taken = Count("signups", filter=Q(signups__state__in=HOLDING))
    found = []
    for term in rows.annotate(taken=taken).order_by("first_on", "pk")[:SHOWN]:
        free = 0 if term.has_begun else max(term.capacity(POOL) - term.taken, 0)
        if wanted.born_on and not term.age_from <= age_on(wanted.born_on, term.reference_on) <= term.age_to:
            continue
        if free or not wanted.is_open:
            found.append((term, free))
    return found


def nurseries_found(wanted: Wanted) -> list[tuple[Nursery, list[tuple[NurseryPlaces, int]]]]:
    """Return nurseries with the free places of each age band, or of those into which the child fits on the day."""
    bands = None
    if wanted.born_on:
        bands = bands_for(wanted.born_on, wanted.on or timezone.localdate())
    places = NurseryPlaces.objects.order_by("pk")
    if bands is not None:
        places = places.filter(band__in=bands)
    rows: Any = Nursery.objects.in_use().for_list().prefetch_related(Prefetch("bands", places, to_attr="found_bands"))
    if wanted.city:
        rows = rows.filter(region__code__startswith=wanted.city.code[:4])
    found = []
    for nursery in rows.order_by("region__code", "name", "pk")[:SHOWN]:
        free = [(row, row.places - row.enrolled) for row in nursery.found_bands]
        if wanted.is_open:
            free = [(row, count) for row, count in free if count]
        if free or not (wanted.is_open or wanted.born_on):
            found.append((nursery, free))
    return found
