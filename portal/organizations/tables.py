"""The table of organisations."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Employer, Organization


class OrganizationTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), order_by=("pinyin", "pk"), linkify=True)
    kind = tables.Column(verbose_name=_("Kind"))
    parent = tables.Column(verbose_name=_("Parent organisation"), order_by=("parent__pinyin", "pk"))
    region = tables.Column(verbose_name=_("Region"), order_by=("region_id", "pk"))

    class Meta:
        model = Organization
        fields = ("name", "kind", "parent", "region")
        order_by = "name"


class EmployerTable(tables.Table):
    name = tables.Column(verbose_name=_("Name"), order_by=("pinyin", "pk"), linkify=True)
    uscc = tables.Column(verbose_name=_("Social credit code"))
    region = tables.Column(verbose_name=_("Region"), order_by=("region_id", "pk"))
    organization = tables.Column(verbose_name=_("Registered by"), orderable=False, accessor="organization__label")

    class Meta:
        model = Employer
        fields = ("name", "uscc", "region", "organization")
        order_by = "name"
