"""A roster of 10,000 people from Excel: dry run and import, each in its own process with its memory."""

import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from portal.exchange.models import ImportRun
from portal.exchange.registers import registers
from portal.exchange.services import imports
from portal.exchange.services.imports import import_confirm, import_start, import_take_back
from portal.exchange.workbooks import XLSX
from portal.members.models import Member
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from tests.factories.members import identity_number

ROWS = 10_000
LIMITS = "together under 30 s and 300 MB"
ROOT = Path(__file__).resolve().parents[1]


def measure():
    """Return title, head and rows of the table."""
    city = Organization.objects.filter(kind=OrganizationKind.CITY).order_by("pk").first()
    unit = Organization.objects.filter(path__startswith=city.path, kind=OrganizationKind.GRASSROOTS).first()
    cadre = Member.objects.filter(duty__organization=city, duty__role="cadre").first()
    run = import_start(
        actor=cadre,
        organization=city,
        register=registers()["members.roster"],
        upload=SimpleUploadedFile("roster.xlsx", _workbook(unit.name), XLSX),
    )
    rows, total, most = [], 0, 0
    for step in ("import_check", "import_write"):
        if step == "import_write":
            import_confirm(run=ImportRun.objects.get(pk=run.pk), actor=cadre)
        found = _in_a_process(step, run.pk)
        total, most = total + found["seconds"], max(most, found["mb"], found["reader_mb"])
        rows.append(
            (step, f"{found['seconds']:.1f}", found["mb"], found["reader_mb"], found["state"], found["written"])
        )
    rows.append(("together", f"{total:.1f}", most, "", "", ""))
    import_take_back(run=ImportRun.objects.get(pk=run.pk), actor=cadre)
    head = ("step", "seconds", "worker MB", "reader MB", "state of the run", "people written")
    return f"Roster of {ROWS} rows ({LIMITS})", head, rows


def _workbook(unit):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Unit", "Full name", "Sex", "Identity number", "Mobile number", "Marital status"])
    for number in range(ROWS):
        born = f"1958{1 + number // 500 // 12:02d}{1 + number // 500 % 12:02d}"
        sheet.append([unit, "示例", "女", identity_number(number % 500, born=born), f"1209{number:07d}", ""])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _in_a_process(step, run):
    code = f"import json; from benchmarks.roster import work; print(json.dumps(work({step!r}, {run})))"
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def work(step, pk):
    """Run one step as the worker does, and return its time, its memory and the result."""
    run = ImportRun.objects.get(pk=pk)
    begun = time.perf_counter()
    getattr(imports, step)(run.job)
    seconds = time.perf_counter() - begun
    run = ImportRun.objects.get(pk=pk)
    return {
        "seconds": seconds,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "reader_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "state": run.state,
        "written": len(run.row_ids or []),
    }
