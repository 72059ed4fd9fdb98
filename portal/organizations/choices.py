from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Level


class OrganizationKind(models.TextChoices):
    PROVINCE = "province", _("Provincial federation")
    CITY = "city", _("City federation")
    COUNTY = "county", _("County federation")
    TOWNSHIP = "township", _("Township or street union")
    INDUSTRIAL = "industrial", _("Industrial union")
    GROUP = "group", _("Large group union")
    GRASSROOTS = "grassroots", _("Grassroots union")


class EmploymentForm(models.TextChoices):
    STANDARD = "standard", _("Standard employment")
    NEW = "new", _("New forms of employment")


LEVELS = {
    OrganizationKind.PROVINCE: Level.PROVINCE,
    OrganizationKind.CITY: Level.CITY,
    OrganizationKind.INDUSTRIAL: Level.CITY,
    OrganizationKind.GROUP: Level.CITY,
    OrganizationKind.COUNTY: Level.COUNTY,
    OrganizationKind.TOWNSHIP: Level.TOWNSHIP,
    OrganizationKind.GRASSROOTS: Level.GRASSROOTS,
}


class DayKind(models.TextChoices):
    """What the State Council's notice says of a day that is not what its weekday says."""

    HOLIDAY = "holiday", _("Free day")
    WORKING = "working", _("Working day")
