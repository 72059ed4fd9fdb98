"""The release before this one, as a tree of its own."""

import subprocess

from tests.databases import ROOT

# The commit of release 0.1.0, for a clone without tags.
FIRST = "5d1cba3"


def previous():
    """Return the newest tag of a release below this commit, or the commit of the first release."""
    command = ["git", "describe", "--tags", "--abbrev=0", "--match=v*", "HEAD~1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or FIRST


def tree_of_previous(folder):
    """Write the files of the previous release into ``folder`` and return it; front-end packages are this tree's."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", previous()], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    (folder / "static/vendor").symlink_to(ROOT / "static/vendor")
    return folder
