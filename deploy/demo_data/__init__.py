"""Invented people, units and choices of the demo: pure makers with a fixed seed, the same on every machine."""

from deploy.demo_data.cast import cast
from deploy.demo_data.picks import choose

__all__ = ["cast", "choose"]
