"""Invented people, units and choices of the demo: pure makers with a fixed seed, the same on every machine."""

from deploy.demo_data.cast import Cast, Single, Staff, cast
from deploy.demo_data.people import Person
from deploy.demo_data.picks import choose
from deploy.demo_data.units import Unit

__all__ = ["Cast", "Person", "Single", "Staff", "Unit", "cast", "choose"]
