"""Misbehaving providers for the tests of delivery."""

from portal.messaging.channels import ChannelDown, ChannelError, FileSms


class Refusing(FileSms):
    """Refuses every number."""

    def deliver(self, phone, sms, key):
        raise ChannelError("refused")


class Crashing(FileSms):
    """Fails with an unforeseen error whose text contains the number."""

    def deliver(self, phone, sms, key):
        raise OSError(f"no route for {phone}")


class SendsAndDies(FileSms):
    """Sends the message, but the process ends before the result is recorded."""

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
    """Never answers."""

    def deliver(self, phone, sms, key):
        raise ChannelDown("TimeoutError")
