"""Health findings in the format of Prometheus."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.core.health import Check, all_checks, info
from portal.core.metrics import exposition

LINE = re.compile(r'[a-z_:][a-z0-9_:]*(\{([a-z_]+="(\\\\|\\"|\\n|[^"\\\n])*",?)+\})? -?[0-9.e+]+')


def families(text):
    """Return {name: [lines of values]}; fail on a line that a scraper would refuse."""
    found, name = {}, ""
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            assert name not in found, f"{name} twice"
            found[name] = []
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {name} gauge"
        else:
            assert LINE.fullmatch(line), line
            assert re.split(r"[{ ]", line)[0] == name
            found[name].append(line)
    return found


def test_a_finding_is_a_line_and_its_figures():
    checks = [
        Check("beat", True, _("Database"), "x", figures={"beat_age_seconds": 3}),
        Check("disk", False, _("Disk of uploads"), "x", grave=False, figures={"disk_free_bytes": None}),
    ]
    with translation.override("zh-hans"):
        text = exposition(checks, {"portal": '1"\\\n'})
    found = families(text)
    assert found == {
        "portal_info": ['portal_info{portal="1\\"\\\\\\n"} 1'],
        "portal_check_well": [
            'portal_check_well{check="beat",grave="true"} 1',
            'portal_check_well{check="disk",grave="false"} 0',
        ],
        "portal_beat_age_seconds": ["portal_beat_age_seconds 3"],
    }
    assert "# HELP portal_beat_age_seconds Database" in text


def test_a_figure_needs_a_name_that_prometheus_takes():
    with pytest.raises(ValueError, match="no name"):
        exposition([Check("x", True, "x", "x", figures={"Ärger": 1})], {})


@pytest.mark.django_db
def test_all_findings_together_make_a_page():
    checks = all_checks()
    names = [check.name for check in checks]
    assert len(names) == len(set(names))
    found = families(exposition(checks, info()))
    assert len(found["portal_check_well"]) == len(checks)
    assert {"portal_database_size_bytes", "portal_database_connections", "portal_oldest_message_seconds"} <= set(found)


@pytest.mark.django_db
def test_every_finding_has_words_in_both_languages():
    def words(language):
        with translation.override(language):
            return {check.name: str(check.label) for check in all_checks()}

    english, chinese = words("en"), words("zh-hans")
    assert english.keys() == chinese.keys()
    assert [name for name, label in chinese.items() if not re.search("[\u4e00-\u9fff]", label)] == []
    assert [name for name, label in english.items() if re.search("[\u4e00-\u9fff]", label)] == []
