"""The guide itself: docs/operating.md, "Install", "Backup" and "Upgrade".

It is followed on an empty Debian 13 with its own systemd, from packages to the first chair signed in, over HTTPS
through the nginx of the guide; then a new version is installed while people write. Takes ports 80, 443, 5432 and 6379
of this machine.
"""

import re
import subprocess
import threading
import time

import pyotp
import pyrage
import pytest

from tests.databases import ROOT
from tests.drills.guide import script_of
from tests.drills.machine import machine
from tests.drills.visitor import Visitor

HOST = "portal.example.org"
# The folder from which the guide takes the code.
SOURCE = "/usr/local/src/portal"
PASSWORD = "Zhuyi-Anquan-2026-x"
ANSWERS = ["", "示例省总工会", "示例省"] + [
    line
    for number, name in enumerate(("示例甲", "示例乙", "示例丙", "示例丁"), start=1)
    for line in (name, "female", f"1380000000{number}")
]
NEW_MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "{last}")]
    operations = [migrations.AddField("member", "drilled", models.BooleanField(db_default=False, default=False))]
"""


@pytest.fixture(scope="module")
def installed():
    """The machine after "Install", the output of its last commands, and the seconds it took."""
    with machine("guide") as running:
        give_code(running, SOURCE)
        begun = time.monotonic()
        key = str(pyrage.x25519.Identity.generate().to_public())
        script = script_of("Install").replace("BACKUP_KEY=age1...", f"BACKUP_KEY={key}")
        assert key in script
        done = running.run(f"{script}\n{script_of('Backup')}", given="\n".join([*ANSWERS, ""]))
        yield running, done.stdout, time.monotonic() - begun


def give_code(running, folder):
    """Copy the committed code into a folder of the machine."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    target = running.folder / folder.lstrip("/")
    target.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive, check=True)


def come_in(link, name, login):
    """Open an account by its first link and set up the authenticator.

    Returns the visitor who is signed in.
    """
    person = Visitor(HOST)
    assert person.open(link) == 200, person.page
    fields = {"name": name, "login_name": login, "password": PASSWORD, "again": PASSWORD}
    assert person.open(person.url, fields) == 200, person.page
    secret = re.search(r"<code>([A-Z2-7 ]{32,})</code>", person.page)[1].replace(" ", "")
    assert person.open(person.url, {"code": pyotp.TOTP(secret).now()}) == 200, person.page
    return person


def test_from_an_empty_machine_to_the_first_chair_at_the_desk(installed, measured):
    running, printed, seconds = installed
    links = dict(re.findall(r"^  (\w+)(?: administrator)?: (https://\S+)$", printed, re.MULTILINE))
    assert links.keys() == {"system", "security", "audit", "chair"}
    chair = come_in(links["chair"], "示例丁", "zhuxi")
    assert chair.open("/") == 200
    assert "示例省" in chair.page
    assert chair.open("/members/new/") == 200
    system = come_in(links["system"], "示例甲", "xitong")
    assert system.open("/admin/") == 200
    failed = running.run("systemctl --failed --plain --no-legend").stdout
    assert "portal" not in failed
    assert "nginx" not in failed
    kept = running.run("ls /var/backups/portal/*/manifest.json /var/backups/portal-wal/base").stdout
    assert ("manifest.json" in kept, ".tar.gz.age" in kept) == (True, True)
    size = running.run("du -sm /opt/portal-1.0/.venv | cut -f1").stdout.strip()
    measured(seconds=round(seconds), venv_megabytes=size)


def test_a_new_version_while_people_write(installed, measured):
    running, printed, _seconds = installed
    link = re.search(r"^  security administrator: (https://\S+)$", printed, re.MULTILINE)[1]
    security = come_in(link, "示例乙", "anquan")
    last = sorted(path.stem for path in (ROOT / "portal/members/migrations").glob("0*.py"))[-1]
    give_code(running, f"{SOURCE}-new")
    number = int(last[:4]) + 1
    migration = running.folder / f"{SOURCE}-new/portal/members/migrations/{number:04d}_drilled.py".lstrip("/")
    migration.write_text(NEW_MIGRATION.format(last=last), encoding="utf-8")
    answers, over = [], threading.Event()
    traffic = [threading.Thread(target=work, args=(answers, over, security))]
    traffic += [threading.Thread(target=look, args=(answers, over)) for _n in range(3)]
    for thread in traffic:
        thread.start()
    script = script_of("Upgrade")
    assert f"SOURCE={SOURCE} " in script
    script = script.replace(f"SOURCE={SOURCE} ", f"SOURCE={SOURCE}-new ", 1)
    try:
        running.run(script)
        time.sleep(5)
    finally:
        over.set()
        for thread in traffic:
            thread.join()
    bad = [answer for answer in answers if answer[1] >= 500 or answer[1] == 0]
    measured(requests=len(answers), failed=len(bad), slowest=round(max(answer[2] for answer in answers), 1))
    assert running.run("readlink /opt/portal").stdout.strip() == "/opt/portal-1.1"
    assert len(answers) > 50
    assert bad == []


def look(answers, over):
    person = Visitor(HOST)
    while not over.is_set():
        for path in ("/", "/sign-in/", "/healthz"):
            _timed(answers, path, lambda path=path: person.open(path))
        time.sleep(0.2)


def work(answers, over, person):
    """Write and upload as a member of staff."""
    number = 0
    while not over.is_set():
        number += 1
        person.open("/members/new/")
        fields = {"organization": "1", "name": f"示例新{number}", "sex": "female", "phone": f"1390000{number:04d}"}
        _timed(
            answers, "new", lambda fields=fields: person.open("/members/new/", {**fields, "marital_status": "unknown"})
        )
        person.open("/exchange/members.roster/")
        sheet = f"unit,name,sex,phone\n示例省总工会,示例册{number},female,1370000{number:04d}\n".encode()
        files = {"file": ("roster.csv", sheet)}
        _timed(
            answers,
            "upload",
            lambda files=files: person.open("/exchange/members.roster/", {"organization": "1"}, files=files),
        )


def _timed(answers, what, ask):
    begun = time.monotonic()
    try:
        status = ask()
    except OSError as error:
        status, what = 0, f"{what}: {error}"
    answers.append((what, status, time.monotonic() - begun))
