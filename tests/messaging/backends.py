"""Providers that misbehave, for the tests of delivery."""

from portal.messaging.channels import ChannelDown, ChannelError, FileSms


class Refusing(FileSms):
    """Refuses every number."""

    def deliver(self, phone, sms, key):
        raise ChannelError("refused")


class Crashing(FileSms):
    """Breaks in a way nobody foresaw; its words hold the number."""

    def deliver(self, phone, sms, key):
        raise OSError(f"no route for {phone}")


class SendsAndDies(FileSms):
    """Sends, and the process ends before the answer is noted."""

    def deliver(self, phone, sms, key):
        super().deliver(phone, sms, key)
        raise SystemExit


class RefusingOne(FileSms):
    """Refuses numbers that end in 9."""

    def deliver(self, phone, sms, key):
        if phone.endswith("9"):
            raise ChannelError("refused")
        super().deliver(phone, sms, key)


class Silent(FileSms):
    """Answers nobody."""

    def deliver(self, phone, sms, key):
        raise ChannelDown("TimeoutError")
