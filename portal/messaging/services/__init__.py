"""Writing, delivering and running what waits in the outbox."""

from portal.messaging.services.choosing import (
    channels_choose,
    mailbox_confirm,
    mailbox_of_token,
    mailbox_remove,
    mailbox_set,
)
from portal.messaging.services.delegating import todo_delegate, todo_take_back
from portal.messaging.services.holding import outbox_held, outbox_hold, outbox_unlock
from portal.messaging.services.jobs import (
    AGAIN_AFTER,
    JOB_ATTEMPTS,
    LEASE,
    job_post,
    job_progress,
    job_run,
    jobs_dispatch,
)
from portal.messaging.services.messages import (
    BACK_OFF,
    deliver_due,
    message_post,
    message_read,
    message_words,
    messages_post,
    messages_read_all,
    messages_retry,
)
from portal.messaging.services.reminders import reminders_plan
from portal.messaging.services.touching import EVERYTHING, touch, touches_post

__all__ = [
    "AGAIN_AFTER",
    "BACK_OFF",
    "EVERYTHING",
    "JOB_ATTEMPTS",
    "LEASE",
    "channels_choose",
    "deliver_due",
    "job_post",
    "job_progress",
    "job_run",
    "jobs_dispatch",
    "mailbox_confirm",
    "mailbox_of_token",
    "mailbox_remove",
    "mailbox_set",
    "message_post",
    "message_read",
    "message_words",
    "messages_post",
    "messages_read_all",
    "messages_retry",
    "outbox_held",
    "outbox_hold",
    "outbox_unlock",
    "reminders_plan",
    "todo_delegate",
    "todo_take_back",
    "touch",
    "touches_post",
]
