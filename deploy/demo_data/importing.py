"""The rosters of the demo as files, and their import."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError

from deploy.demo_data import rosters
from deploy.demo_data.cast import HARBIN, QIQIHAR
from portal.core.choices import Sex
from portal.exchange.choices import RunState
from portal.exchange.services.imports import import_check, import_confirm, import_start, import_write
from portal.members.choices import MaritalStatus
from portal.members.imports import RosterRegister
from portal.messaging.services.jobs import job_run


def roster_file(singles, *, faults=False):
    """Return the roster of ``singles`` as the bytes of an .xlsx file.

    With ``faults`` twenty of its rows are wrong.
    """
    rows = rosters.rows_of(singles)
    return rosters.workbook(
        rosters.spoil(rows) if faults else rows,
        headings={column.name: str(column.label) for column in RosterRegister.columns},
        labels={value: str(label) for value, label in (*Sex.choices, *MaritalStatus.choices)},
    )


def roster_import(*, actor, organization, singles, name, faults=False):
    """Import the roster of ``singles`` as the import page and its worker do; return the run."""
    content = roster_file(singles, faults=faults)
    run = import_start(
        actor=actor, organization=organization, register=RosterRegister(), upload=SimpleUploadedFile(name, content)
    )
    job_run(job_id=run.job_id, work=import_check)
    run.refresh_from_db()
    wanted = RunState.CHECKED_FAULTY if faults else RunState.CHECKED_CLEAN
    if not faults and run.state == wanted:
        run, wanted = import_confirm(run=run, actor=actor), RunState.IMPORTED
        job_run(job_id=run.job_id, work=import_write)
        run.refresh_from_db()
    if run.state != wanted:
        raise CommandError(f"The roster {name} ended as {run.state}: {run.summary} {run.faults[:3]}")
    return run


def rosters_import(people, places, staff):
    """Import a faulty file, then the corrected one, as in daily work; and the roster of another city."""
    city = {"actor": staff["shi-ganbu"], "organization": places[HARBIN], "singles": people.singles}
    roster_import(name="哈尔滨单身职工名册（初稿）.xlsx", faults=True, **city)
    roster_import(name="哈尔滨单身职工名册.xlsx", **city)
    roster_import(
        name="齐齐哈尔单身职工名册.xlsx",
        actor=staff["qiqihar-ganbu"],
        organization=places[QIQIHAR],
        singles=people.elsewhere,
    )
