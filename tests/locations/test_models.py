"""Rows with a position and with opening hours, in a table that these tests make."""

import os
from decimal import Decimal

import psycopg2
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import modelform_factory
from django.test.utils import isolate_apps
from django.utils.translation import override

from portal.core.choices import Area
from portal.core.querysets import OrgScopedQuerySet
from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.distances import metres_between
from portal.locations.fields import HoursField
from portal.locations.hours import Hours
from portal.locations.models import Located
from portal.locations.querysets import LocatedQuerySet
from portal.locations.reading import read_hours
from portal.locations.sphere import nearest_index
from tests.factories.members import make_member
from tests.factories.organizations import make_province

HOME = Point(126.6425, 45.7567, Datum.WGS84)


class StopQuerySet(LocatedQuerySet["Stop"], OrgScopedQuerySet["Stop"]):
    area = Area.NURSING_ROOMS


with isolate_apps("portal.locations"):

    class Stop(Located):
        organization_id = models.BigIntegerField(default=1)
        name = models.CharField(max_length=20)
        hours = HoursField("Hours")

        objects = StopQuerySet.as_manager()

        class Meta(Located.Meta):
            app_label = "locations"
            indexes = (nearest_index("locations_stop_nearest"),)


@pytest.fixture
def stops(fresh_database):
    """The empty table of stops, made by the owner; the serving role reads and writes it."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.create_model(Stop)
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("\n".join(editor.collected_sql))
    owner.close()


def placed(name, longitude, latitude, datum=Datum.WGS84):
    stop = Stop(name=name)
    stop.place(Point(longitude, latitude, datum))
    stop.save()
    return stop


def test_a_place_is_converted_once_and_kept_as_entered(stops):
    given = Point(126.5349726, 45.8037804, Datum.GCJ02)
    stop = placed("A", given.longitude, given.latitude, given.datum)
    stop.place(stop.given_point)
    stop.save()
    stop = Stop.objects.get()
    assert (stop.given_longitude, stop.given_latitude) == (Decimal("126.534973"), Decimal("45.803780"))
    assert stop.given_datum == Datum.GCJ02
    assert stop.point.datum == Datum.WGS84
    assert metres_between(stop.point, converted(given, Datum.WGS84)) < 0.2
    assert metres_between(stop.point, stop.given_point) < 0.3
    stop.place(None)
    stop.full_clean()
    stop.save()
    assert (stop.point, stop.given_point, Stop.objects.unplaced().count()) == (None, None, 1)


@pytest.mark.parametrize(
    "columns",
    [
        {"longitude": 126},
        {"longitude": 126, "latitude": 45},
        {"longitude": 126, "latitude": 45, "given_longitude": 126, "given_latitude": 45},
        {"given_datum": "gcj02"},
        {"longitude": 126, "latitude": 45, "given_longitude": 126, "given_latitude": 45, "given_datum": "cgcs"},
        {"longitude": 181, "latitude": 45, "given_longitude": 126, "given_latitude": 45, "given_datum": "wgs84"},
        {"longitude": 126, "latitude": 91, "given_longitude": 126, "given_latitude": 45, "given_datum": "wgs84"},
        {"longitude": "NaN", "latitude": 45, "given_longitude": 126, "given_latitude": 45, "given_datum": "wgs84"},
    ],
)
def test_the_database_refuses_half_a_place(stops, columns):
    with psycopg2.connect(os.environ["DATABASE_URL"]) as link, link.cursor() as cursor:
        columns = {"name": "A", "organization_id": 1, "given_datum": "", **columns}
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        with pytest.raises(psycopg2.errors.CheckViolation):
            cursor.execute(f"INSERT INTO locations_stop ({names}) VALUES ({marks})", list(columns.values()))
    link.close()


def test_validation_names_half_a_place():
    with pytest.raises(ValidationError, match=r"longitude, latitude and datum|经度"):
        Stop(name="A", longitude=126).full_clean(exclude=["id"])


def test_nearest_is_in_great_circle_metres(stops):
    east, north = placed("A", 126.6525, 45.7567), placed("B", 126.6425, 45.7652)
    here = placed("C", *converted_pair(HOME, Datum.BD09), Datum.BD09)
    Stop(name="nowhere").save()
    rows = list(Stop.objects.nearest(converted(HOME, Datum.GCJ02)))
    assert [row.pk for row in rows] == [here.pk, east.pk, north.pk]
    assert [round(row.metres) for row in rows] == [0, 776, 945]
    near = Stop.objects.nearest(HOME).filter(metres__lte=800)
    assert [row.name for row in near] == ["C", "A"]
    same = [placed("D", 126.6525, 45.7567).pk, placed("E", 126.6525, 45.7567).pk]
    assert [row.pk for row in Stop.objects.nearest(HOME)][1:4] == [east.pk, *same]


def converted_pair(point, datum):
    there = converted(point, datum)
    return there.longitude, there.latitude


def test_the_nearest_rows_are_read_from_the_index(stops):
    rows = []
    for number in range(5000):
        stop = Stop(name=str(number))
        stop.place(Point(122 + number % 71 / 6, 44 + number % 89 / 10, Datum.GCJ02))
        rows.append(stop)
    Stop.objects.bulk_create(rows)
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE locations_stop")
    owner.close()
    nearest = Stop.objects.nearest(HOME)
    assert "locations_stop_nearest" in nearest[:20].explain()
    exact = sorted(Stop.objects.placed(), key=lambda row: (metres_between(HOME, row.point), row.pk))
    assert [row.pk for row in nearest[:20]] == [row.pk for row in exact[:20]]
    assert nearest[19].metres == pytest.approx(metres_between(HOME, exact[19].point), abs=0.01)


def test_the_scope_of_an_area_stays(stops):
    placed("A", 126.6525, 45.7567)
    make_province()
    assert Stop.objects.nearest(HOME).visible_to(make_member()).count() == 0


def test_hours_are_kept_in_their_normal_form(stops):
    found = read_hours("周一至周五 9:00-12:00、13:30-17:00；节假日休息")
    Stop(name="A", hours=found).save()
    Stop(name="B").save()
    one, other = Stop.objects.order_by("name")
    assert (one.hours, other.hours) == (found, None)
    assert Stop.objects.get(hours__isnull=True).name == "B"
    assert Stop.objects.get(hours__holidays=[]).name == "A"
    assert Stop.objects.values_list("hours__week__0", flat=True)[0] == [[540, 720], [810, 1020]]
    one.full_clean()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hours FROM locations_stop WHERE name = 'A'")
        assert '"holidays": []' in cursor.fetchone()[0]


def test_a_form_reads_hours_and_shows_them_again():
    form_class = modelform_factory(Stop, fields=["name", "hours"])
    form = form_class({"name": "A", "hours": "9.00-17.00"})
    assert form.is_valid(), form.errors
    assert form.save(commit=False).hours == Hours((((540, 1020),),) * 7)
    form = form_class({"name": "A", "hours": " "})
    assert form.is_valid()
    assert form.save(commit=False).hours is None
    form = form_class({"name": "A", "hours": "随商场"})
    with override("en"):
        assert not form.is_valid()
        assert "“随商场” cannot be read as opening hours." in form.errors["hours"][0]
    assert "随商场" in str(form["hours"])
    with override("zh-hans"):
        form = form_class(instance=Stop(hours=read_hours("Mon 9-17")))
        assert "周一 9:00–17:00；周二至周日休息" in str(form["hours"])
    stop = Stop(name="A", hours=read_hours("9-17"))
    assert form_class({"name": "A", "hours": "每天 9:00–17:00"}, instance=stop).changed_data == []
    assert form_class({"name": "A", "hours": "每天 9:00–18:00"}, instance=stop).changed_data == ["hours"]


def test_every_model_with_a_position_has_constraint_and_index():
    faults = []
    for model in apps.get_models():
        if not issubclass(model, Located):
            continue
        wanted = f"{model._meta.app_label}_{model._meta.model_name}_at"
        if wanted not in {constraint.name for constraint in model._meta.constraints}:
            faults.append(f"{model._meta.label} has no constraint {wanted}: inherit Located.Meta")
        if not any(str(nearest_index("x").expressions) == str(index.expressions) for index in model._meta.indexes):
            faults.append(f"{model._meta.label} has no nearest_index")
    assert faults == []
