"""Positions that are typed or imported."""

import pytest
from django.core.exceptions import ValidationError

from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.forms import PlaceForm
from portal.locations.placing import checked_point


def test_exchanged_numbers_are_suggested_and_not_exchanged():
    with pytest.raises(ValidationError) as refusal:
        checked_point(45.7567, 126.6425, Datum.WGS84)
    assert refusal.value.code == "exchanged"
    assert refusal.value.params == {"longitude": "126.6425", "latitude": "45.7567"}


@pytest.mark.parametrize(
    "degrees", [(135.5021651, 34.6937378), (127.527, 50.2767), (0, 0), (45.7, 26.6), (float("nan"), 45), (1e9, 1e9)]
)
def test_positions_outside_the_province_are_refused(degrees):
    with pytest.raises(ValidationError) as refusal:
        checked_point(*degrees, Datum.WGS84)
    assert refusal.value.code == "outside"


def form(longitude="", latitude="", datum=""):
    return PlaceForm({"longitude": longitude, "latitude": latitude, "datum": datum})


def test_a_form_takes_a_position_with_its_datum_or_none():
    full = form("126.534972600012", "45.8037804", "gcj02")
    assert full.is_valid(), full.errors
    assert full.cleaned_data["point"] == Point(126.534972600012, 45.8037804, Datum.GCJ02)
    empty = form()
    assert empty.is_valid()
    assert empty.cleaned_data["point"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("126.5", "45.8", ""), "datum"),
        (("126.5", "", "gcj02"), "latitude"),
        (("", "", "gcj02"), "longitude"),
        (("126.5", "45.8", "cgcs"), "datum"),
        (("east", "45.8", "gcj02"), "longitude"),
        (("inf", "45.8", "gcj02"), "longitude"),
        (("45.8", "126.5", "gcj02"), "longitude"),
    ],
)
def test_a_form_refuses_half_a_position(values, field):
    assert field in form(*values).errors
