"""The datums in which positions are given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Datum(models.TextChoices):
    """What longitude and latitude refer to: a phone gives WGS-84, Amap and Tencent GCJ-02, Baidu BD-09."""

    WGS84 = "wgs84", _("WGS-84 (phone, GPS)")
    GCJ02 = "gcj02", _("GCJ-02 (Amap, Tencent)")
    BD09 = "bd09", _("BD-09 (Baidu)")
