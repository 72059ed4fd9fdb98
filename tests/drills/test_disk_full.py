"""Property 17: a disk of two megabytes that fills up.

Nothing of a refused file is stored, and every accepted file is complete.
"""

import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.roles import Role
from portal.exchange.models import StoredFile
from portal.notices.models import NoticeFile
from tests.factories.members import make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7" + b"x" * 700_000


@pytest.fixture
def small_disk(tmp_path, settings):
    """The private storage on a disk of its own; skips where mounting is not permitted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    settings.PRIVATE_STORAGE_DIR = tmp_path
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_disk_that_fills_up_takes_whole_files_alone(client, small_disk, measured):
    city = make_organization()
    cadre = make_staff(city, Role.CADRE)
    sign_in(client, cadre)
    path = reverse("notices:notice-attach", args=[make_notice(city, created_by=cadre).pk])
    answers = [client.post(path, {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code for _time in range(4)]
    sizes = [found.stat().st_size for found in Path(small_disk).rglob("*") if found.is_file()]
    measured(answers=answers, rows=StoredFile.objects.count(), files=sizes)
    assert answers == [302, 302, 507, 507]
    assert sizes == [len(PDF)] * 2
    assert (NoticeFile.objects.count(), StoredFile.objects.count()) == (2, 2)
    small = client.post(path, {"file": SimpleUploadedFile("b.pdf", b"%PDF-1.7")})
    assert small.status_code == 302  # what fits is taken
