from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NursingRoomsConfig(AppConfig):
    name = "nursing_rooms"
    verbose_name = _("Nursing rooms")
