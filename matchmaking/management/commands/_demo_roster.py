"""The demo's rosters as files for the import: headings and words of the register in the active language."""

from deploy.demo_data import rosters
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from portal.members.imports import RosterRegister


def roster_file(singles, *, faults=False):
    """Return the roster of ``singles`` as the bytes of an .xlsx file; ``faults`` makes twenty rows wrong."""
    rows = rosters.rows_of(singles)
    return rosters.workbook(
        rosters.spoil(rows) if faults else rows,
        headings={column.name: str(column.label) for column in RosterRegister.columns},
        labels={value: str(label) for value, label in (*Sex.choices, *MaritalStatus.choices)},
    )
