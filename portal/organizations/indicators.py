"""Indicators of the tree: unions, women's committees, women."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lead
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.figures import Indicator, Ratio, Stock, Sum
from portal.organizations.choices import CommitteeKind, EmploymentForm, OrganizationKind
from portal.organizations.models import HeadCount, Organization, WomenCommittee

if TYPE_CHECKING:
    from collections.abc import Callable


UNIT_UNIONS, UNIT_PEOPLE, UNIT_PERCENT = _("unions"), _("people"), "%"
TREE = ("organizations.organization",)


def _unions() -> QuerySet[Organization]:
    return Organization.objects.filter(kind=OrganizationKind.GRASSROOTS)


def _terms(**fields: Any) -> QuerySet[WomenCommittee]:
    return WomenCommittee.objects.filter(**fields)


def _counts(**fields: Any) -> QuerySet[HeadCount]:
    """Return head counts, each valid until the next count of the same organisation."""
    until = Window(Lead("on"), partition_by=F("organization"), order_by=F("on").asc())
    return HeadCount.objects.filter(**fields).annotate(until=until)


def _stock(rows: Callable[[], QuerySet[Any]], **options: Any) -> Stock:
    return Stock(rows, organization="organization", since="term_from", until="ended_on", **options)


def _organization_url(row: WomenCommittee | HeadCount) -> str:
    return reverse("organizations:organization-detail", args=[row.organization_id])


INDICATORS = [
    Indicator(
        "ORG01",
        _("Grassroots unions"),
        _("Grassroots unions that exist on the last day of the period."),
        UNIT_UNIONS,
        Area.ORGANIZATIONS,
        Stock(_unions, organization="pk"),
        order=101,
    ),
    Indicator(
        "ORG02",
        _("Women workers"),
        _("Women among the workers by each organisation's latest count on or before the last day of the period."),
        UNIT_PEOPLE,
        Area.ORGANIZATIONS,
        Stock(_counts, organization="organization", since="on", until="until", measure=Sum("women_workers")),
        order=102,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG02b",
        _("Women members"),
        _("Women among the union members by each organisation's latest count on or before the last day."),
        UNIT_PEOPLE,
        Area.ORGANIZATIONS,
        Stock(_counts, organization="organization", since="on", until="until", measure=Sum("women_members")),
        order=103,
        headline=True,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG03",
        _("Women workers' committees"),
        _("Organisations with a women workers' committee on the last day of the period."),
        UNIT_UNIONS,
        Area.ORGANIZATIONS,
        _stock(lambda: _terms(kind=CommitteeKind.COMMITTEE)),
        order=104,
        headline=True,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG03a",
        _("Grassroots unions with a committee or commissioner"),
        _("Grassroots unions that have a women workers' committee or a commissioner on the last day of the period."),
        UNIT_UNIONS,
        Area.ORGANIZATIONS,
        _stock(lambda: _terms(organization__kind=OrganizationKind.GRASSROOTS)),
        order=106,
        touched_by=TREE,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG03b",
        _("Coverage of grassroots unions"),
        _("Share of all grassroots unions that have a women workers' committee or commissioner."),
        UNIT_PERCENT,
        Area.ORGANIZATIONS,
        Ratio("ORG03a", "ORG01"),
        order=107,
    ),
    Indicator(
        "ORG04",
        _("Commissioner only"),
        _("Organisations that have a women workers' commissioner in place of a committee on the last day."),
        UNIT_UNIONS,
        Area.ORGANIZATIONS,
        _stock(lambda: _terms(kind=CommitteeKind.COMMISSIONER)),
        order=105,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG05",
        _("Overdue terms"),
        _("Committees whose term has ended by the last day of the period and that have not been re-elected."),
        UNIT_UNIONS,
        Area.ORGANIZATIONS,
        Stock(
            lambda: _terms(kind=CommitteeKind.COMMITTEE, term_ends_on__isnull=False),
            organization="organization",
            since="term_ends_on",
            until="ended_on",
        ),
        order=108,
        row_url=_organization_url,
    ),
    Indicator(
        "ORG08",
        _("Women members in new forms of employment"),
        _("Women members of the unions of new forms of employment, by each one's latest count."),
        UNIT_PEOPLE,
        Area.ORGANIZATIONS,
        Stock(
            lambda: _counts(organization__employment_form=EmploymentForm.NEW),
            organization="organization",
            since="on",
            until="until",
            measure=Sum("women_members"),
        ),
        order=110,
        touched_by=TREE,
        row_url=_organization_url,
    ),
]
