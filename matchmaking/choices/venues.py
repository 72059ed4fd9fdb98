"""States and choices of venues."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VenueKind(models.TextChoices):
    CULTURE_PALACE = "culture_palace", _("Workers' cultural palace")
    SERVICE_CENTRE = "service_centre", _("Workers' service centre")
    BOOK_HOUSE = "book_house", _("Workers' reading room")
    RED_SITE = "red_site", _("Revolutionary education site")
    HERITAGE = "heritage", _("Intangible heritage site")
    PARK = "park", _("Park or forest park")
    SNOW = "snow", _("Ski or snow park")
    LIBRARY = "library", _("Library")
    CAFE = "cafe", _("Book café")
    COMPANY_HALL = "company_hall", _("Company hall")
    UNIVERSITY_HALL = "university_hall", _("University hall")
    FARM = "farm", _("Farm")
    OTHER = "other", _("Other")
