"""The world of the demo: invented people and units with a fixed seed, and how the portal gets them.

An app of the demo and test settings alone, so that nothing of it is there in production. Pure makers, the same on
every machine: ``cast``, ``cities``, ``people``, ``units``, ``rosters``. By the services that pages call: ``tree``,
``accounts``, ``importing`` and ``making``. The areas add their rows in ``demo.load(world)``.
"""

from deploy.demo_data.cast import cast

__all__ = ["cast"]
