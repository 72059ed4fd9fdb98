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


class Industry(models.TextChoices):
    """Sections of GB/T 4754-2017, by their letter."""

    A = "A", _("Agriculture, forestry, animal husbandry and fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas and water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail trade")
    G = "G", _("Transport, storage and post")
    H = "H", _("Accommodation and catering")
    I = "I", _("Information transmission, software and information technology")  # noqa: E741 - the section's letter
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Scientific research and technical services")
    N = "N", _("Water conservancy, environment and public facilities")
    O = "O", _("Household services, repair and other services")  # noqa: E741 - the section's letter
    P = "P", _("Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports and entertainment")
    S = "S", _("Public administration, social security and social organisations")
    T = "T", _("International organisations")


class Ownership(models.TextChoices):
    STATE = "state", _("State-owned")
    COLLECTIVE = "collective", _("Collective")
    PRIVATE = "private", _("Private")
    FOREIGN = "foreign", _("Foreign, Hong Kong, Macao or Taiwan capital")
    INSTITUTION = "institution", _("Public institution")
    GOVERNMENT = "government", _("Government body")
    OTHER = "other", _("Other")


class CommitteeKind(models.TextChoices):
    """Committee or commissioner; a union with fewer than ten women members has a commissioner."""

    COMMITTEE = "committee", _("Women workers' committee")
    COMMISSIONER = "commissioner", _("Women workers' commissioner")


class DayKind(models.TextChoices):
    """Whether an exception in the State Council's notice is a day off or a working day."""

    HOLIDAY = "holiday", _("Day off")
    WORKING = "working", _("Working day")
