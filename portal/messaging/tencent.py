"""Text messages by Tencent Cloud, through its own client; error codes become kinds of ChannelError."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from portal.messaging.channels import (
    ChannelDown,
    ChannelError,
    ChannelLimit,
    ChannelNotSetUp,
    ChannelRefused,
    SmsBackend,
)

if TYPE_CHECKING:
    from typing import NoReturn
    from uuid import UUID

    from portal.messaging.texts import Sms

NEEDED = ("SMS_KEY_ID", "SMS_KEY_SECRET", "SMS_APP_ID", "SMS_SIGNATURE")
# The longest listed prefix of a code decides (the provider's list of errors of SendSms, 2021-01-11).
KINDS: dict[str, type[ChannelError]] = {
    # Errors of this number.
    "InvalidParameterValue.IncorrectPhoneNumber": ChannelRefused,
    "FailedOperation.PhoneNumber": ChannelRefused,
    "UnsupportedOperation": ChannelRefused,
    "LimitExceeded.PhoneNumber": ChannelLimit,
    "LimitExceeded.DeliveryFrequencyLimit": ChannelLimit,
    # Errors of this account: no other message could be sent either.
    "LimitExceeded": ChannelDown,
    "RequestLimitExceeded": ChannelDown,
    "InternalError": ChannelDown,
    "ClientNetworkError": ChannelDown,
    "ServerNetworkError": ChannelDown,
    "ResourceUnavailable": ChannelDown,
    # Errors of the setup: keys, signature, templates, balance.
    "AuthFailure": ChannelNotSetUp,
    "UnauthorizedOperation": ChannelNotSetUp,
    "IpNotInWhitelist": ChannelNotSetUp,
    "InvalidCredential": ChannelNotSetUp,
    "FailedOperation.InsufficientBalanceInSmsPackage": ChannelNotSetUp,
    "FailedOperation.MissingSignature": ChannelNotSetUp,
    "FailedOperation.NotEnterpriseCertification": ChannelNotSetUp,
    "FailedOperation.ProhibitSubAccountUse": ChannelNotSetUp,
    "FailedOperation.Sign": ChannelNotSetUp,
    "FailedOperation.Template": ChannelNotSetUp,
    "InvalidParameter.AppidAndBizId": ChannelNotSetUp,
    "InvalidParameterValue.SdkAppIdNotExist": ChannelNotSetUp,
    "InvalidParameterValue.Template": ChannelNotSetUp,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": ChannelNotSetUp,
    "InvalidParameterValue.UnsupportedTemplateVariable": ChannelNotSetUp,
}
_CODE = re.compile(r"[A-Za-z]+(\.[A-Za-z]+)?")


def kind_of(code: str) -> type[ChannelError]:
    """Return the kind of error for a code of the provider, by its longest listed prefix."""
    starts = [start for start in KINDS if code.startswith(start)]
    return KINDS[max(starts, key=len)] if starts else ChannelError


def _template(sms: Sms) -> tuple[str, list[str]]:
    """Return the provider's code for a template and the parameter values in the provider's order.

    Only the parameters that the provider's text has are returned.
    """
    entry = settings.SMS_TEMPLATES.get(sms.key)
    if isinstance(entry, dict):
        names, entry = entry.get("parameters", list(sms.values)), entry.get("code")
    else:
        names = list(sms.values)
    if not entry or not set(names) <= set(sms.values):
        raise ChannelNotSetUp(f"no template code for {sms.key}")
    return str(entry), [sms.values[name] for name in names]


def _client() -> SmsClient:
    scheme, _, host = settings.SMS_ENDPOINT.partition("://")
    connect = min(1, settings.SMS_TIMEOUT_SECONDS / 3)
    http = HttpProfile(
        protocol=scheme, endpoint=host.rstrip("/"), reqTimeout=(connect, settings.SMS_TIMEOUT_SECONDS - connect)
    )
    credential = Credential(settings.SMS_KEY_ID, settings.SMS_KEY_SECRET)
    client = SmsClient(credential, settings.SMS_REGION, ClientProfile(httpProfile=http))
    # No redirects: numbers and codes are sent only to the configured address. The client has no option for it.
    client.request.conn._session.max_redirects = 0
    return client


class TencentSms(SmsBackend):
    """Sends by the action SendSms.

    The key is sent as SessionContext and comes back in the provider's receipts. The provider does not hold back a
    repeat with the same key: a crash between its answer and our commit sends a message twice.
    """

    language = "zh-hans"

    @staticmethod
    def missing() -> list[str]:
        return [name for name in NEEDED if not getattr(settings, name).strip()]

    def deliver(self, phone: str, sms: Sms, key: UUID | str) -> None:
        if missing := self.missing():
            raise ChannelNotSetUp(f"not set: {', '.join(missing)}")
        code, values = _template(sms)
        request = SendSmsRequest()
        request.PhoneNumberSet = [f"+86{phone}"]
        request.SmsSdkAppId = settings.SMS_APP_ID
        request.SignName = settings.SMS_SIGNATURE
        request.TemplateId = code
        request.TemplateParamSet = values
        request.SessionContext = str(key)
        try:
            statuses = _client().SendSms(request).SendStatusSet or []
        except TencentCloudSDKException as error:
            # The error message may repeat what was sent: only the code is passed on.
            _refuse(error.get_code())
        if len(statuses) != 1:
            raise ChannelDown("an answer that is none")
        if statuses[0].Code != "Ok":
            _refuse(statuses[0].Code)


def _refuse(code: object) -> NoReturn:
    code = code if isinstance(code, str) and len(code) < 100 and _CODE.fullmatch(code) else "unknown"
    if "." not in code and kind_of(code) is ChannelError and not code.startswith("Invalid"):
        # The client names other faults by their Python class: no JSON, no answer in time, a missing field.
        raise ChannelDown(code) from None
    raise kind_of(code)(code) from None
