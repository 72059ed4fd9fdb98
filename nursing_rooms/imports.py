"""The register of nursing rooms from Excel."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms.alike import alike
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.facilities import missing_facilities
from nursing_rooms.models import NursingRoom
from nursing_rooms.services import rooms as services
from nursing_rooms.words import DATUM_WORDS, FACILITY_WORDS, NO, TYPE_WORDS, YES, word_key, words_of
from portal.core.bounds import PAST
from portal.core.choices import Area
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_line, listed
from portal.exchange.registers import Column, Kind, Register, doubles
from portal.locations.choices import Datum
from portal.locations.form_fields import HoursFormField
from portal.locations.placing import checked_point
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from portal.organizations.regional import REGION
from portal.organizations.selectors import lies_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from portal.exchange.models import ImportRun
    from portal.exchange.registers import Fault, Row
    from portal.locations.datums import Point
    from portal.members.models import Member

TEXTS = ("name", "number", "host", "address", "floor", "landmark", "phone")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d+)?")


class WordField(forms.CharField):
    """One of some values, by any of the words that people write for it."""

    def __init__(self, *, words: Mapping[str, Any], shown: Iterable[object], empty: Any = "", **kwargs: Any) -> None:
        self.words, self.shown, self.empty = words, list(shown), empty
        super().__init__(**{"max_length": 30, **kwargs})

    def clean(self, value: Any) -> Any:
        text = word_key(super().clean(value))
        if not text:
            return self.empty
        if text not in self.words:
            raise ValidationError(_("Use one of: %(labels)s."), params={"labels": listed(map(str, self.shown))})
        return self.words[text]


class FacilitiesField(forms.CharField):
    """Facilities in one cell, by name, separated by commas or blanks."""

    def clean(self, value: Any) -> list[str]:
        words, found = words_of(Facility, FACILITY_WORDS), []
        for part in re.split(r"[,，、;；/|\n]+", super().clean(value) or ""):
            # A label may have blanks in it; else blanks separate.
            for word in [part] if word_key(part) in words else part.split():
                if word_key(word) not in words:
                    raise ValidationError(_("“%(word)s” is no known facility."), params={"word": word[:20]})
                found.append(words[word_key(word)])
        return list(dict.fromkeys(found))


def point_in(data: Mapping[str, Any]) -> Point | None:
    """Return the position of a row, None without one.

    ValidationError by column for one without datum, for what are no two numbers, and for a place outside the province.
    """
    whole, parts = data.get("position") or "", [data.get("longitude") or "", data.get("latitude") or ""]
    column = "position" if whole else "longitude"
    if not (whole or any(parts)):
        return None
    if not data.get("datum"):
        raise ValidationError({"datum": _("A position needs its datum.")})
    numbers = _NUMBER.findall(whole) if whole else [number for part in parts for number in _NUMBER.findall(part)]
    if len(numbers) != 2:
        raise ValidationError({column: _("Write longitude and latitude, for example 126.6425, 45.7567.")})
    try:
        return checked_point(float(numbers[0]), float(numbers[1]), Datum(data["datum"]))
    except ValidationError as error:
        raise ValidationError({column: error}) from None


class RoomRowForm(forms.Form):
    name = forms.CharField(max_length=60)
    number = forms.CharField(max_length=30, required=False)
    room_type = WordField(words={}, shown=RoomType.labels)
    is_public = WordField(
        words={word_key(word): word in YES for word in (*YES, *NO)}, shown=("是", "否"), empty=False, required=False
    )
    host = forms.CharField(max_length=100)
    region = forms.CharField(max_length=6)
    keeper = forms.CharField(max_length=100, required=False)
    address = forms.CharField(max_length=120)
    floor = forms.CharField(max_length=20, required=False)
    landmark = forms.CharField(max_length=60, required=False)
    phone = forms.CharField(max_length=30, required=False)
    area_m2 = forms.DecimalField(max_digits=6, decimal_places=1, min_value=0, max_value=9999, required=False)
    hours = HoursFormField(required=False)
    facilities = FacilitiesField(max_length=300, required=False)
    longitude = forms.CharField(max_length=30, required=False)
    latitude = forms.CharField(max_length=30, required=False)
    position = forms.CharField(max_length=60, required=False)
    datum = WordField(words={}, shown=Datum.labels, required=False)
    opened_on = DayFormField(span=PAST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The labels are known once the catalogs are.
        self.fields["room_type"].words = words_of(RoomType, TYPE_WORDS)
        self.fields["datum"].words = words_of(Datum, DATUM_WORDS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "datum" in data:
            point_in(data)
        return data


class RoomRegister(Register):
    """Nursing rooms that are open already.

    A room of the same name, unit and floor in its region is skipped. A room belongs to the union that the row names,
    else to that of its county, else to that of its city, if they are below the organisation that imports.
    """

    code = "nursing_rooms.rooms"
    title = _("Nursing rooms")
    description = _("Rooms, corners, boxes and buses that are open already, with place, hours and facilities.")
    area = Area.NURSING_ROOMS
    form_class = RoomRowForm
    rows_limit = 10_000
    columns = (
        Column(
            "name", _("Name"), aliases=("小屋名称", "名称", "母婴室名称"), sample="示例妈咪小屋", mask=None, width=28
        ),
        Column(
            "number",
            _("Number of the register"),
            aliases=("编号", "小屋编号"),
            required=False,
            kind=Kind.CODE,
            mask=None,
        ),
        Column("room_type", _("Type"), aliases=("类型", "小屋类型"), sample="母婴室", mask=None),
        Column(
            "is_public",
            _("Open to the public"),
            aliases=("是否对外", "对外开放", "是否对外开放"),
            required=False,
            sample="是",
            mask=None,
        ),
        Column(
            "host", _("Unit that hosts it"), aliases=("所在单位", "建设单位"), sample="示例商场", mask=None, width=28
        ),
        REGION,
        Column(
            "keeper",
            _("Managed by"),
            aliases=("管理工会", "主管工会"),
            help=_("The union's name as registered in the portal. Empty: the union of the county or city."),
            required=False,
            mask=None,
            width=28,
        ),
        Column("address", _("Address"), aliases=("地址", "详细地址"), sample="示例路1号", mask=None, width=34),
        Column("floor", _("Floor"), aliases=("楼层",), required=False, sample="三层", mask=None),
        Column("landmark", _("Nearest shop or lift"), aliases=("参照物",), required=False, mask=None),
        Column("phone", _("Phone of the room"), aliases=("联系电话", "电话"), required=False, kind=Kind.CODE),
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
        Column(
            "facilities",
            _("Facilities"),
            aliases=("设施", "配置", "设施配置"),
            help=_("Names separated by commas."),
            required=False,
            sample="门锁、哺乳椅、尿布台、插座",
            mask=None,
            width=40,
        ),
        Column("longitude", _("Longitude"), aliases=("经度",), required=False, sample="126.642500", mask=None),
        Column("latitude", _("Latitude"), aliases=("纬度",), required=False, sample="45.756700", mask=None),
        Column(
            "position",
            _("Position: longitude, latitude"),
            aliases=("坐标", "经纬度"),
            help=_("Both numbers in one cell, in place of the two columns before."),
            required=False,
            mask=None,
            width=26,
        ),
        Column(
            "datum",
            _("Datum"),
            aliases=("坐标系",),
            help=_("Where the numbers come from: the same numbers mean places up to 1.3 km apart."),
            required=False,
            sample="高德",
            mask=None,
        ),
        Column(
            "opened_on", _("Opened on"), aliases=("启用日期", "建成日期"), required=False, kind=Kind.DATE, mask=None
        ),
    )

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        codes = {_region_code(row) for row in rows}
        regions = {region.code: region for region in Region.objects.filter(code__in=codes, statistical=False)}
        standing = NursingRoom.objects.exclude(state=RoomState.RETIRED).filter(region__in=regions)
        numbers = {row.data["number"] for row in rows if row.data.get("number")}
        below = Organization.objects.filter(path__startswith=organization.path, closed_on=None)
        below = below.select_related("parent__parent__parent")
        named = below.filter(name__in={row.data["keeper"] for row in rows if row.data.get("keeper")})
        unions = below.filter(kind__in=(OrganizationKind.CITY, OrganizationKind.COUNTY)).exclude(region=None)
        return {
            "organization": organization,
            "regions": regions,
            "known": {alike(*texts) for texts in standing.values_list("region_id", "host", "name", "floor")},
            "places": {alike(*texts) for texts in standing.values_list("region_id", "address", "floor")},
            "numbers": set(NursingRoom.objects.filter(number__in=numbers).values_list("number", flat=True)),
            "named": {
                name: [union for union in named if union.name == name] for name in {union.name for union in named}
            },
            "unions": {union.region_id: union for union in unions},
            "today": timezone.localdate(),
        }

    def check(self, *, context: dict[str, Any], rows: list[Row]) -> Iterator[Fault]:
        yield from doubles(rows, "number")
        seen: dict[str, int] = {}
        places: dict[str, int] = {}
        for row in rows:
            data, region = row.data, context["regions"].get(_region_code(row))
            if _region_code(row) and region is None:
                yield row.wrong("region", _("There is no region with this code."))
            if region is None or not data.get("name") or not data.get("host"):
                continue
            key, place = _identity(row), alike(region.code, data.get("address") or "", data.get("floor") or "")
            if key in context["known"]:
                yield row.known("name", _("This room is already in the register."))
                continue
            if key in seen:
                words = _("The same room stands in line %(line)s.") % {"line": seen[key]}
                yield row.wrong("name", words, _("Keep only one of the two lines."))
            elif place in context["places"] or place in places:
                yield row.doubtful(
                    "address",
                    _("There is another room at this address and floor."),
                    _("Check whether it is the same room under another name."),
                )
            seen.setdefault(key, row.line)
            places.setdefault(place, row.line)
            if data.get("number") in context["numbers"]:
                yield row.wrong("number", _("Another room has this number."))
            yield from self._check_keeper(row, region, context)
            yield from self._doubts(row)

    def _check_keeper(self, row: Row, region: Region, context: dict[str, Any]) -> Iterator[Fault]:
        name = row.data.get("keeper")
        found = context["named"].get(name, [])
        if name and len(found) != 1:
            words = _("Two units have this name.") if found else _("There is no unit with this name in your scope.")
            yield row.wrong("keeper", words)
        elif not lies_within(region, self._keeper(row, region, context)):
            yield row.wrong("region", services.OUTSIDE)

    @staticmethod
    def _keeper(row: Row, region: Region, context: dict[str, Any]) -> Organization:
        """Return the union that a room belongs to."""
        if row.data.get("keeper"):
            union: Organization = context["named"][row.data["keeper"]][0]
            return union
        unions = context["unions"]
        found: Organization = unions.get(region.code) or unions.get(f"{region.code[:4]}00") or context["organization"]
        return found

    @staticmethod
    def _doubts(row: Row) -> Iterator[Fault]:
        data = row.data
        missing = missing_facilities(data["room_type"], data.get("facilities") or ()) if data.get("room_type") else []
        if missing:
            words = _("The type of this room requires: %(names)s.") % {"names": "、".join(map(str, missing))}
            yield row.doubtful("facilities", words)
        if data.get("is_public") and not (data.get("position") or data.get("longitude")):
            yield row.doubtful("position", _("A public room without a position is not on the map."))
        if data.get("opened_on") is None:
            yield row.doubtful("opened_on", _("Without this day the room counts as opened before this year."))

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: dict[str, Any], run: ImportRun
    ) -> list[int]:
        made = services.rooms_bulk_create(rows=[self._fields(row, context) for row in rows])
        return [room.pk for room in made]

    def _fields(self, row: Row, context: dict[str, Any]) -> dict[str, Any]:
        data, region = row.data, context["regions"][_region_code(row)]
        return {
            **{name: clean_line(data[name] or "") for name in TEXTS},
            "organization": self._keeper(row, region, context),
            "state": RoomState.OPEN,
            "room_type": data["room_type"],
            "is_public": data["is_public"],
            "region": region,
            "area_m2": data["area_m2"],
            "hours": data["hours"],
            "facilities": data["facilities"] or [],
            "opened_on": data["opened_on"] or date(context["today"].year - 1, 12, 31),
            "point": point_in(data),
        }

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        return services.rooms_take_back(pks=run.row_ids)

    def rows_url(self, run: ImportRun) -> str:
        return reverse("nursing_rooms:room-list")


def _region_code(row: Row) -> str:
    return clean_code(row.data.get("region") or "")


def _identity(row: Row) -> str:
    return alike(_region_code(row), *(row.data.get(name) or "" for name in ("host", "name", "floor")))


REGISTERS = [RoomRegister]
