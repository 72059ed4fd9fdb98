"""Every write to people: rosters, duties, consent, children, sign-in, standing."""

from portal.members.services.children import (
    CHILDREN_AT_MOST,
    child_add,
    child_care_change,
    child_change,
    child_consent_withdraw,
    child_remove,
)
from portal.members.services.consents import consent_give, consent_withdraw
from portal.members.services.data_requests import (
    data_request_open,
    data_request_settle,
    data_request_withdraw,
    own_data_note,
)
from portal.members.services.duties import duty_end, duty_give, stand_in_give
from portal.members.services.erasing import erasures_repeat, member_erase, member_erase_consequences
from portal.members.services.factors import (
    begun_factor,
    confirmed_factor,
    factor_address,
    factor_begin,
    factor_check,
    factor_confirm,
    must_enrol,
    recovery_codes_left,
    recovery_codes_renew,
)
from portal.members.services.hand_overs import hand_over, hand_overs_keep_time, successors
from portal.members.services.passwords import (
    invitation_accept,
    invitation_find,
    invitation_link,
    invitation_send,
    must_change_password,
    password_change,
    password_set,
)
from portal.members.services.people import (
    birth_date_of,
    member_create,
    member_update,
    members_build,
    phone_index_of,
)
from portal.members.services.restoring import account_unlock, factor_remove, phone_replace, sessions_end
from portal.members.services.reveals import field_reveal
from portal.members.services.second_person import second_person_ask
from portal.members.services.sign_in import (
    code_confirm,
    code_send,
    member_activate,
    member_for_code,
    staff_password_check,
)
from portal.members.services.sweeping import sweep
from portal.members.services.transfers import (
    person_elsewhere,
    transfer_ask,
    transfer_ask_for,
    transfer_confirm,
    transfer_refuse,
    transfer_withdraw,
    transfers_expire,
)
from portal.members.services.vouching import (
    CODE_HOLDS,
    standing_prolong,
    units_found,
    vouching_ask,
    vouching_grant,
    vouching_of_code,
    vouching_refuse,
    vouchings_expire,
)

__all__ = [
    "CHILDREN_AT_MOST",
    "CODE_HOLDS",
    "account_unlock",
    "begun_factor",
    "birth_date_of",
    "child_add",
    "child_care_change",
    "child_change",
    "child_consent_withdraw",
    "child_remove",
    "code_confirm",
    "code_send",
    "confirmed_factor",
    "consent_give",
    "consent_withdraw",
    "data_request_open",
    "data_request_settle",
    "data_request_withdraw",
    "duty_end",
    "duty_give",
    "erasures_repeat",
    "factor_address",
    "factor_begin",
    "factor_check",
    "factor_confirm",
    "factor_remove",
    "field_reveal",
    "hand_over",
    "hand_overs_keep_time",
    "invitation_accept",
    "invitation_find",
    "invitation_link",
    "invitation_send",
    "member_activate",
    "member_create",
    "member_erase",
    "member_erase_consequences",
    "member_for_code",
    "member_update",
    "members_build",
    "must_change_password",
    "must_enrol",
    "own_data_note",
    "password_change",
    "password_set",
    "person_elsewhere",
    "phone_index_of",
    "phone_replace",
    "recovery_codes_left",
    "recovery_codes_renew",
    "second_person_ask",
    "sessions_end",
    "staff_password_check",
    "stand_in_give",
    "standing_prolong",
    "successors",
    "sweep",
    "transfer_ask",
    "transfer_ask_for",
    "transfer_confirm",
    "transfer_refuse",
    "transfer_withdraw",
    "transfers_expire",
    "units_found",
    "vouching_ask",
    "vouching_grant",
    "vouching_of_code",
    "vouching_refuse",
    "vouchings_expire",
]
