"""Choices that several shared packages use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Area(models.TextChoices):
    """A work area, to which a duty gives access at an organisation."""

    ORGANIZATIONS = "organizations", _("Organisations")
    MEMBERS = "members", _("Members")
    NOTICES = "notices", _("Notices")
    STATISTICS = "statistics", _("Statistics")
    MATCHMAKING = "matchmaking", _("Matchmaking")
    RIGHTS = "rights", _("Rights")
    NURSING_ROOMS = "nursing_rooms", _("Nursing rooms")
    CHILDCARE = "childcare", _("Childcare")
    INNOVATION = "innovation", _("Innovation studios")
    SYSTEM = "system", _("System")
    AUDIT = "audit", _("Audit")


class Capability(models.TextChoices):
    """What a duty allows in an area."""

    VIEW = "view", _("View")
    EDIT = "edit", _("Edit")
    APPROVE = "approve", _("Approve")
    APPOINT = "appoint", _("Appoint")
    EXPORT = "export", _("Export")
    REVEAL = "reveal", _("Reveal masked data")


class Level(models.IntegerChoices):
    """Levels of the union from the province down; a smaller number is a higher level."""

    PROVINCE = 1, _("Province")
    CITY = 2, _("City")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township or street")
    GRASSROOTS = 5, _("Grassroots")
