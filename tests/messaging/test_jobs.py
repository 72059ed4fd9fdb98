"""Jobs: claimed once, held by a lease, retried after the worker died.

A refused job ends with a sentence.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.errors import DomainError
from portal.messaging.choices import JobState
from portal.messaging.models import Job
from portal.messaging.services.jobs import AGAIN_AFTER, JOB_ATTEMPTS, LEASE, job_post, job_progress, job_run
from tests.factories.members import make_member
from tests.threads import at_once


def make_job(**fields):
    job = job_post(kind="test.work", actor=make_member(), about_id=7)
    Job.objects.filter(pk=job.pk).update(**fields)
    return Job.objects.get(pk=job.pk)


def to_dispatch():
    return list(Job.objects.to_dispatch(again_after=AGAIN_AFTER))


def past(**span):
    return timezone.now() - timedelta(**span)


@pytest.mark.django_db
def test_a_job_runs_once():
    job, ran = make_job(), []

    job_run(job_id=job.pk, work=lambda claimed: ran.append((claimed.pk, claimed.about_id, claimed.state)))
    job_run(job_id=job.pk, work=lambda claimed: ran.append("again"))

    job.refresh_from_db()
    assert ran == [(job.pk, 7, JobState.RUNNING)]
    assert (job.state, job.attempts, job.error, job.lease_until) == (JobState.DONE, 1, "", None)
    assert job.finished_at is not None


@pytest.mark.django_db
def test_a_refusal_ends_the_job_with_its_sentence():
    job = make_job()

    def work(_job):
        raise DomainError("Divide the file.")

    job_run(job_id=job.pk, work=work)

    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, "Divide the file.", 1)
    assert to_dispatch() == []


@pytest.mark.django_db
def test_a_fault_is_raised_and_tried_three_times():
    job = make_job()

    def work(_job):
        raise OSError

    for attempt in range(1, JOB_ATTEMPTS + 1):
        with pytest.raises(OSError):
            job_run(job_id=job.pk, work=work)
        job.refresh_from_db()
        assert job.attempts == attempt
        assert job.state == (JobState.RUNNING if attempt < JOB_ATTEMPTS else JobState.FAILED)
        assert [row.pk for row in to_dispatch()] == ([job.pk] if attempt < JOB_ATTEMPTS else [])

    job_run(job_id=job.pk, work=work)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, "", JOB_ATTEMPTS)


@pytest.mark.django_db
@pytest.mark.parametrize("state", JobState)
def test_a_worker_claims_what_is_queued_or_left_behind(state):
    job = make_job(state=state, lease_until=past(seconds=1) if state == JobState.RUNNING else None)
    ran = []
    job_run(job_id=job.pk, work=ran.append)
    assert len(ran) == (state in (JobState.QUEUED, JobState.RUNNING))


@pytest.mark.django_db
def test_a_job_with_a_lease_is_left_alone():
    job = make_job(state=JobState.RUNNING, attempts=1, lease_until=timezone.now() + timedelta(minutes=1))
    ran = []
    job_run(job_id=job.pk, work=ran.append)
    job.refresh_from_db()
    assert (ran, job.state, job.attempts) == ([], JobState.RUNNING, 1)


@pytest.mark.django_db
def test_a_job_whose_workers_died_each_time_is_given_up():
    job = make_job(state=JobState.RUNNING, attempts=JOB_ATTEMPTS, lease_until=past(seconds=1))
    ran = []
    job_run(job_id=job.pk, work=ran.append)
    job.refresh_from_db()
    assert (ran, job.state) == ([], JobState.FAILED)


@pytest.mark.django_db
def test_progress_holds_the_lease():
    job = make_job(state=JobState.RUNNING, lease_until=timezone.now() + timedelta(seconds=1))
    job_progress(job, 40, 100)
    job.refresh_from_db()
    assert (job.done, job.total) == (40, 100)
    assert job.lease_until > timezone.now() + LEASE - timedelta(minutes=1)


@pytest.mark.django_db
def test_a_job_that_is_gone_is_no_fault():
    job_run(job_id=10**12, work=pytest.fail)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, True),
        ({"dispatched_at": 30}, False),
        ({"dispatched_at": 90}, True),
        ({"state": JobState.RUNNING, "lease_until": 1}, True),
        ({"state": JobState.RUNNING, "lease_until": -540}, False),
        ({"state": JobState.DONE}, False),
        ({"state": JobState.FAILED}, False),
    ],
)
def test_what_a_tick_hands_out(fields, due):
    times = {name: past(seconds=value) for name, value in fields.items() if isinstance(value, int)}
    job = make_job(**fields | times)
    assert to_dispatch() == ([job] if due else [])


def test_two_workers_with_one_job_do_it_once(fresh_database):
    job, ran = make_job(), []
    at_once(lambda _number: job_run(job_id=job.pk, work=lambda claimed: ran.append(claimed.pk)), range(8))
    job.refresh_from_db()
    assert (ran, job.state, job.attempts) == ([job.pk], JobState.DONE, 1)
