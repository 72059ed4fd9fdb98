"""A register for tests: people as on a roster, written to the table of regions, which nobody owns."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from stdnum.cn import ric

from portal.core.bounds import PAST
from portal.core.choices import Area, Sex
from portal.core.errors import DomainError
from portal.core.form_fields import DayFormField
from portal.core.text import mask_identity, mask_name, mask_phone
from portal.exchange.registers import Column, Kind, Register, doubles
from portal.organizations.models import Organization, Region

CODE = "tests.people"


def identity(serial, born="19900307", area="999999"):
    """Return an identity number of the demo area with a valid check digit."""
    number = f"{area}{born}{serial:03d}"
    return number + ric.calc_check_digit(f"{number}0")


def check_identity(number):
    if len(number) != 18 or not number[:17].isdecimal():
        raise ValidationError("An identity number has 18 characters.")
    try:
        born = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError("The birth date in it does not exist.") from None
    if born > datetime.date(2026, 11, 23):
        raise ValidationError("The birth date in it lies ahead.")
    if ric.calc_check_digit(number) != number[17]:
        raise ValidationError("The last character does not fit.")


def check_phone(number):
    if len(number) != 11 or not number.isdecimal():
        raise ValidationError("A mobile number has 11 digits.")


class PersonForm(forms.Form):
    name = forms.CharField(max_length=50)
    sex = forms.ChoiceField(choices=Sex.choices)
    identity_number = forms.CharField(max_length=18, validators=[check_identity])
    phone = forms.CharField(validators=[check_phone])
    birth_date = DayFormField(span=PAST)
    unit = forms.CharField(max_length=100)
    children = forms.IntegerField(min_value=0, max_value=12, required=False)
    note = forms.CharField(max_length=200, required=False)

    def clean(self):
        data = super().clean()
        number, born = data.get("identity_number"), data.get("birth_date")
        if number and born and number[6:14] != f"{born:%Y%m%d}":
            self.add_error("birth_date", "Birth date and identity number differ.")
        return data


class PeopleRegister(Register):
    code = CODE
    title = "People"
    description = "For tests"
    area = Area.MEMBERS
    form_class = PersonForm
    columns = (
        Column("name", "Name", sample="王小明", mask=mask_name, aliases=("姓名",)),
        Column("sex", "Sex", choices=Sex.choices, mask=None, aliases=("性别",)),
        Column("identity_number", "Identity number", kind=Kind.CODE, mask=mask_identity, aliases=("身份证号",)),
        Column("phone", "Phone", kind=Kind.CODE, mask=mask_phone, sample="+86 120 0000 0001", aliases=("手机",)),
        Column("birth_date", "Birth date", kind=Kind.DATE, aliases=("出生日期",)),
        Column("unit", "Unit", mask=None, aliases=("单位",)),
        Column("children", "Children", required=False, kind=Kind.NUMBER, mask=None),
        Column("note", "Note", required=False),
    )

    def prepare(self, *, actor, organization, rows):
        inside = Organization.objects.under(organization).values_list("name", flat=True)
        elsewhere = Organization.objects.exclude(path__startswith=organization.path).values_list("name", flat=True)
        return {
            "units": set(inside),
            "elsewhere": set(elsewhere),
            "phones": set(Region.objects.filter(code__startswith="P").values_list("short_name", flat=True)),
            "known": set(Region.objects.filter(code__startswith="P").values_list("name", flat=True)),
        }

    def check(self, *, context, rows):
        yield from doubles(rows, "identity_number")
        yield from doubles(rows, "phone")
        for row in rows:
            number, phone, unit = row.data["identity_number"], row.data["phone"], row.data["unit"]
            if number and number in context["known"]:
                yield row.known("identity_number", "On the list already.")
            elif phone and phone in context["phones"]:
                yield row.wrong("phone", "Somebody else has this number.")
            if unit and unit in context["elsewhere"]:
                yield row.wrong("unit", "Not under this organisation.")
            elif unit and unit not in context["units"]:
                yield row.wrong("unit", "No such unit.", "Compare the name with the list of units.")
            if number and not number.startswith(("999999", "2301")):
                yield row.doubtful("identity_number", "Unknown area code.")

    def write(self, *, actor, organization, rows, context, run):
        start = Region.objects.filter(code__startswith="P").count()
        regions = Region.objects.bulk_create(
            [
                Region(
                    code=f"P{start + number:05d}",
                    name=row.data["identity_number"],
                    short_name=row.data["phone"],
                    level=3,
                    valid_from=row.data["birth_date"],
                )
                for number, row in enumerate(rows)
            ],
            batch_size=1000,
        )
        return [region.pk for region in regions]

    def take_back(self, *, run, actor):
        if Region.objects.filter(parent__in=run.row_ids).exists():
            raise DomainError("One of the lines is in use.", code="in-use")
        return Region.objects.filter(pk__in=run.row_ids).delete()[0]


HEADINGS = ["Name", "Sex", "Identity number", "Phone", "Birth date", "Unit", "Children", "Note"]


def person(number, unit="Unit A", **cells):
    """Return the cells of a valid row."""
    row = {
        "name": f"王测{number}",
        "sex": "女",
        "identity_number": identity(number % 1000, born=f"19{70 + number // 1000:02d}0307"),
        "phone": f"120{number:08d}",
        "birth_date": datetime.date(1970 + number // 1000, 3, 7),
        "unit": unit,
        "children": 1,
        "note": "",
        **cells,
    }
    return [row[name] for name in ("name", "sex", "identity_number", "phone", "birth_date", "unit", "children", "note")]
