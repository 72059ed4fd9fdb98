"""A local server that answers as documented for SendSms (2021-01-11) and verifies the signature."""

import hashlib
import hmac
import re
import time
from datetime import UTC, datetime

from tests.local_http import LocalServer

KEY_ID, KEY_SECRET, APP_ID, SIGNATURE = "AKIDexample0000", "secret-of-the-tests", "1400006666", "省总女工委"


def is_signed(asked):
    """Return whether the request is signed as the provider requires.

    Checked are method, headers, body and a current time.
    """
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=(\S+?)/(\d{4}-\d\d-\d\d)/sms/tc3_request, SignedHeaders=content-type;host, "
        r"Signature=([0-9a-f]{64})",
        asked.headers.get("authorization", ""),
    )
    sent_at = asked.headers.get("x-tc-timestamp", "0")
    if not found or found[1] != KEY_ID or abs(time.time() - int(sent_at)) > 300:
        return False
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            f"content-type:{asked.headers['content-type']}\nhost:{asked.headers['host']}\n",
            "content-type;host",
            hashlib.sha256(asked.body).hexdigest(),
        ]
    )
    day = datetime.fromtimestamp(int(sent_at), UTC).strftime("%Y-%m-%d")
    text = "\n".join(
        ["TC3-HMAC-SHA256", sent_at, f"{day}/sms/tc3_request", hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = f"TC3{KEY_SECRET}".encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return found[2] == day and hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), found[3])


def failed(code, message="..."):
    return 200, "application/json", {"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "r-1"}}


def sent(asked, code="Ok", message="send success"):
    status = {
        "SerialNo": "5000:1045710669157053657849499619" if code == "Ok" else "",
        "PhoneNumber": asked.json["PhoneNumberSet"][0],
        "Fee": int(code == "Ok"),
        "SessionContext": asked.json.get("SessionContext", ""),
        "Code": code,
        "Message": message,
        "IsoCode": "CN",
    }
    return 200, "application/json", {"Response": {"SendStatusSet": [status], "RequestId": "r-1"}}


class Tencent(LocalServer):
    """``code`` is the status of a message.

    ``instead`` replaces the answer to every request; it is an answer or a failure of LocalServer.
    """

    def __init__(self):
        super().__init__(self._answer)
        self.code, self.instead = "Ok", None

    def _answer(self, asked):
        if self.instead is not None:
            return self.instead
        if not is_signed(asked):
            return failed("AuthFailure.SignatureFailure")
        if (asked.headers.get("x-tc-action"), asked.headers.get("x-tc-version")) != ("SendSms", "2021-01-11"):
            return failed("InvalidAction")
        return sent(asked, self.code, f"refused {asked.json['PhoneNumberSet'][0]}")
