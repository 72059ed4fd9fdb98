"""Who may read the files that are written below a folder."""

import os
import stat

import pytest

from matchmaking import keys
from portal.core.folders import modes
from portal.exchange import storage


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A folder of private files and keys as the systemd units have it: shared with its group, umask 0007."""
    tmp_path.chmod(0o2770)
    before = os.umask(0o007)
    yield tmp_path
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_without_the_bit_and_one_that_is_not_there_are_their_users_alone(tmp_path):
    assert modes(tmp_path) == modes(tmp_path / "none") == (0o600, 0o700)


def test_files_and_keys_in_a_shared_folder_are_its_groups(shared, settings):
    settings.PRIVATE_STORAGE_DIR = settings.KEY_DIR = shared
    path = storage.path_of(storage.put([b"x"]).key)
    assert (mode(path), mode(path.parent)) == (0o660, 0o2770)
    keys.key_create(7)
    assert mode(shared / "round-7.key") == 0o660
    keys.key_destroy(7)
    assert not (shared / "round-7.key").exists()
