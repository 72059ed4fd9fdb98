"""The register of rights stations from Excel."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.text import clean_code, clean_prose
from portal.exchange.registers import Column, Kind
from portal.organizations.regional import REGION, RegionRegister
from portal.organizations.selectors import lies_within
from rights.choices.stations import HostKind, StationState
from rights.models import RightsStation
from rights.services import stations as services


class StationRowForm(forms.Form):
    name = forms.CharField(max_length=60)
    host_kind = forms.ChoiceField(choices=HostKind.choices)
    host = forms.CharField(max_length=60)
    region = forms.CharField(max_length=6)
    address = forms.CharField(max_length=120)
    desk_phone = forms.CharField(max_length=30, required=False)
    hours = forms.CharField(max_length=120)
    notes = forms.CharField(max_length=600, required=False)


class StationRegister(RegionRegister):
    """Rights stations; a station that exists in its region already is skipped."""

    code = "rights.stations"
    title = _("Rights stations")
    description = _("Places where women workers get advice, each with its host, region and opening hours.")
    area = Area.RIGHTS
    form_class = StationRowForm
    rows_limit = 2000
    known_words = _("This station is already in the list.")
    columns = (
        Column("name", _("Name"), aliases=("工作站名称", "名称"), sample="示例女职工维权工作站", mask=None, width=30),
        Column("host_kind", _("Kind of host"), aliases=("设立单位类型",), choices=HostKind.choices, mask=None),
        Column(
            "host", _("Host institution"), aliases=("设立单位", "依托单位"), sample="示例区仲裁院", mask=None, width=30
        ),
        REGION,
        Column("address", _("Address"), aliases=("地址",), sample="示例路1号", mask=None, width=34),
        Column("desk_phone", _("Phone of the station"), aliases=("联系电话",), required=False, kind=Kind.CODE),
        Column("hours", _("Opening hours"), aliases=("开放时间", "工作时间"), sample="工作日9:00-17:00", mask=None),
        Column("notes", _("Notes"), aliases=("备注",), required=False, width=34),
    )

    def standing(self, names):
        return RightsStation.objects.filter(name__in=names).exclude(state=StationState.ENDED)

    def check_row(self, *, row, region, context):
        if not lies_within(region, context["organization"]):
            yield row.wrong("region", services.OUTSIDE)

    def write(self, *, actor, organization, rows, context, run):
        made = services.stations_bulk_create(
            rows=[
                {
                    "organization": organization,
                    "host_kind": row.data["host_kind"],
                    "region": context["regions"][clean_code(row.data["region"])],
                    **{
                        name: clean_prose(row.data[name])
                        for name in ("name", "host", "address", "desk_phone", "hours", "notes")
                    },
                }
                for row in rows
            ]
        )
        return [row.pk for row in made]

    def take_back(self, *, run, actor):
        return services.stations_take_back(pks=run.row_ids)

    def rows_url(self, run):
        return reverse("rights:station-list")


REGISTERS = [StationRegister]
