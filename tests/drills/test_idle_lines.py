"""How much worker and beat write to their logs while nobody uses the portal.

One minute is measured, and a day is calculated from it.
"""

import time

from tests.stack import Stack

SECONDS, DAY, MOST = 60, 24 * 3600, 1_000_000


def written(stack):
    return sum((stack.folder / f"{name}.log").stat().st_size for name in ("worker", "beat"))


def a_day_of(stack):
    begun = written(stack)
    time.sleep(SECONDS)
    return (written(stack) - begun) * DAY // SECONDS


def test_an_idle_worker_writes_less_than_a_megabyte_a_day(
    tmp_path, django_test_environment, django_db_blocker, servers_env, measured
):
    with Stack(servers_env, tmp_path, blocker=django_db_blocker, tick_seconds=5) as stack:
        time.sleep(10)
        bytes_a_day = a_day_of(stack)
    measured(bytes_a_day=bytes_a_day)
    assert bytes_a_day < MOST


def test_control_a_line_for_each_task_is_more(
    tmp_path, django_test_environment, django_db_blocker, servers_env, measured
):
    settings = tmp_path / "chatty_settings.py"
    settings.write_text(
        "from portal.settings.test import *\n"
        "LOGGING['loggers']['celery.app.trace'] = {'level': 'INFO'}\n"
        "LOGGING['loggers']['portal.task'] = {'level': 'DEBUG'}\n",
        encoding="utf-8",
    )
    with Stack(servers_env, tmp_path / "stack", blocker=django_db_blocker, tick_seconds=5) as stack:
        stack.stop_worker()
        stack.env.update(DJANGO_SETTINGS_MODULE="chatty_settings", PYTHONPATH=str(tmp_path))
        stack.start_worker()
        time.sleep(10)
        bytes_a_day = a_day_of(stack)
    measured(bytes_a_day=bytes_a_day)
    assert bytes_a_day > MOST
