"""The register of nursing rooms from Excel."""

from __future__ import annotations

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.facilities import missing_facilities
from nursing_rooms.models import NursingRoom
from nursing_rooms.services import rooms as services
from portal.core.bounds import PAST
from portal.core.choices import Area
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_prose
from portal.exchange.registers import Column, Kind
from portal.locations.choices import Datum
from portal.locations.form_fields import HoursFormField
from portal.locations.placing import checked_point
from portal.organizations.regional import REGION, RegionRegister
from portal.organizations.selectors import lies_within

YES = {"是": True, "对外": True, "开放": True, "yes": True, "y": True, "1": True, "公共": True}
NO = {"否": False, "不对外": False, "no": False, "n": False, "0": False, "内部": False, "": False}
# Other words for facilities that people write.
ALSO = {
    "尿布台": Facility.CHANGING_TABLE,
    "婴儿护理台": Facility.CHANGING_TABLE,
    "沙发": Facility.SEAT,
    "座椅": Facility.SEAT,
    "哺乳椅": Facility.SEAT,
    "洗手池": Facility.BASIN,
    "热水": Facility.BASIN,
    "冰箱": Facility.FRIDGE,
    "空调": Facility.HEATING,
    "垃圾桶": Facility.BIN,
    "插座": Facility.SOCKETS,
    "门锁": Facility.LOCK,
    "帘子": Facility.LOCK,
    "桌子": Facility.TABLE,
    "微波炉": Facility.MICROWAVE,
    "饮水机": Facility.WATER,
    "婴儿床": Facility.COT,
    "呼叫器": Facility.CALL,
    "防滑地面": Facility.FLOOR,
}


def point_in(text, datum):
    """Return the position in one cell, longitude first; ValidationError with the reason if it is none."""
    numbers = re.findall(r"-?\d{1,3}(?:\.\d+)?", unicodedata.normalize("NFKC", text))
    if len(numbers) != 2:
        raise ValidationError(_("Write longitude and latitude, for example 126.6425, 45.7567."))
    return checked_point(float(numbers[0]), float(numbers[1]), Datum(datum))


class FacilitiesField(forms.CharField):
    """Facilities in one cell, by name, separated by commas or blanks."""

    def clean(self, value):
        text = super().clean(value)
        known = {str(facility.label).lower(): facility for facility in Facility}
        known |= {facility.value: facility for facility in Facility} | ALSO
        found = []
        for word in re.split(r"[,，、;；/\s]+", text):
            if not word:
                continue
            facility = known.get(word.lower())
            if facility is None:
                raise ValidationError(_("“%(word)s” is no known facility."), params={"word": word[:20]})
            if facility.value not in found:
                found.append(facility.value)
        return found


class YesField(forms.CharField):
    """Yes or no, as people write it."""

    def clean(self, value):
        text = super().clean(value).strip().lower()
        words = YES | NO
        if text not in words:
            raise ValidationError(_("Write yes or no."))
        return words[text]


class RoomRowForm(forms.Form):
    name = forms.CharField(max_length=60)
    number = forms.CharField(max_length=30, required=False)
    room_type = forms.ChoiceField(choices=RoomType.choices)
    is_public = YesField(max_length=10, required=False)
    host = forms.CharField(max_length=100)
    region = forms.CharField(max_length=6)
    address = forms.CharField(max_length=120)
    floor = forms.CharField(max_length=20, required=False)
    landmark = forms.CharField(max_length=60, required=False)
    phone = forms.CharField(max_length=30, required=False)
    area_m2 = forms.DecimalField(max_digits=6, decimal_places=1, min_value=0, max_value=9999, required=False)
    hours = HoursFormField(required=False)
    facilities = FacilitiesField(max_length=300, required=False)
    position = forms.CharField(max_length=60, required=False)
    datum = forms.ChoiceField(choices=Datum.choices, required=False)
    opened_on = DayFormField(span=PAST, required=False)

    def clean(self):
        data = super().clean()
        if data.get("position"):
            if not data.get("datum"):
                raise ValidationError({"datum": _("A position needs its datum.")})
            try:
                data["point"] = point_in(data["position"], data["datum"])
            except ValidationError as error:
                raise ValidationError({"position": error}) from None
        return data


class RoomRegister(RegionRegister):
    """Nursing rooms that exist already; a room with the same name in its region is skipped."""

    code = "nursing_rooms.rooms"
    title = _("Nursing rooms")
    description = _("Rooms, corners, boxes and buses that are open already, with place, hours and facilities.")
    area = Area.NURSING_ROOMS
    form_class = RoomRowForm
    rows_limit = 10_000
    known_words = _("This room is already in the register.")
    columns = (
        Column(
            "name", _("Name"), aliases=("小屋名称", "名称", "母婴室名称"), sample="示例妈咪小屋", mask=None, width=28
        ),
        Column("number", _("Number of the register"), aliases=("编号",), required=False, kind=Kind.CODE, mask=None),
        Column("room_type", _("Type"), aliases=("类型",), choices=RoomType.choices, mask=None),
        Column("is_public", _("Open to the public"), aliases=("是否对外", "对外开放"), required=False, mask=None),
        Column(
            "host", _("Unit that hosts it"), aliases=("所在单位", "建设单位"), sample="示例商场", mask=None, width=28
        ),
        REGION,
        Column("address", _("Address"), aliases=("地址",), sample="示例路1号", mask=None, width=34),
        Column("floor", _("Floor"), aliases=("楼层",), required=False, sample="三层", mask=None),
        Column("landmark", _("Nearest shop or lift"), aliases=("参照物",), required=False, mask=None),
        Column("phone", _("Phone of the room"), aliases=("联系电话",), required=False, kind=Kind.CODE),
        Column("area_m2", _("Area in m²"), aliases=("面积",), required=False, kind=Kind.NUMBER, mask=None),
        Column(
            "hours",
            _("Opening hours"),
            aliases=("开放时间", "营业时间"),
            required=False,
            sample="周一至周日 9:00-21:00",
            mask=None,
            width=34,
        ),
        Column("facilities", _("Facilities"), aliases=("设施", "配置"), required=False, mask=None, width=40),
        Column(
            "position",
            _("Position: longitude, latitude"),
            aliases=("坐标", "经纬度"),
            required=False,
            sample="126.642500,45.756700",
            mask=None,
            width=26,
        ),
        Column("datum", _("Datum"), aliases=("坐标系",), required=False, choices=Datum.choices, mask=None),
        Column("opened_on", _("Opened on"), aliases=("启用日期",), required=False, kind=Kind.DATE, mask=None),
    )

    def standing(self, names):
        return NursingRoom.objects.filter(name__in=names).exclude(state=RoomState.RETIRED)

    def check_row(self, *, row, region, context):
        if not lies_within(region, context["organization"]):
            yield row.wrong("region", services.OUTSIDE)
        kind = row.data.get("room_type")
        missing = missing_facilities(kind, row.data.get("facilities") or ()) if kind else []
        if missing:
            words = _("The type of this room requires: %(names)s.") % {"names": "、".join(map(str, missing))}
            yield row.doubtful("facilities", words)

    def write(self, *, actor, organization, rows, context, run):
        made = services.rooms_bulk_create(rows=[self._fields(row, organization, context) for row in rows])
        return [room.pk for room in made]

    @staticmethod
    def _fields(row, organization, context):
        data = row.data
        texts = {
            name: clean_prose(data[name] or "")
            for name in ("name", "number", "host", "address", "floor", "landmark", "phone")
        }
        point = point_in(data["position"], data["datum"]) if data["position"] else None
        return {
            **texts,
            "organization": organization,
            "state": RoomState.OPEN,
            "room_type": data["room_type"],
            "is_public": bool(data["is_public"]),
            "region": context["regions"][clean_code(data["region"])],
            "area_m2": data["area_m2"],
            "hours": data["hours"],
            "facilities": data["facilities"] or [],
            "opened_on": data["opened_on"] or context["today"],
            "point": point,
        }

    def prepare(self, *, actor, organization, rows):
        return {**super().prepare(actor=actor, organization=organization, rows=rows), "today": timezone.localdate()}

    def take_back(self, *, run, actor):
        return services.rooms_take_back(pks=run.row_ids)

    def rows_url(self, run):
        return reverse("nursing_rooms:room-list")


REGISTERS = [RoomRegister]
