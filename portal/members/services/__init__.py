"""Every write to people: rosters, duties, consent, sign-in."""

from portal.members.services.consents import consent_give, consent_withdraw
from portal.members.services.data_requests import (
    data_request_open,
    data_request_settle,
    data_request_withdraw,
    own_data_note,
)
from portal.members.services.duties import duty_end, duty_give
from portal.members.services.people import (
    birth_date_of,
    member_create,
    member_update,
    members_build,
    password_set,
    phone_index_of,
)
from portal.members.services.reveals import field_reveal
from portal.members.services.sign_in import (
    code_confirm,
    code_send,
    member_activate,
    member_for_code,
    staff_password_check,
)
from portal.members.services.sweeping import sweep

__all__ = [
    "birth_date_of",
    "code_confirm",
    "code_send",
    "consent_give",
    "consent_withdraw",
    "data_request_open",
    "data_request_settle",
    "data_request_withdraw",
    "duty_end",
    "duty_give",
    "field_reveal",
    "member_activate",
    "member_create",
    "member_for_code",
    "member_update",
    "members_build",
    "own_data_note",
    "password_set",
    "phone_index_of",
    "staff_password_check",
    "sweep",
]
