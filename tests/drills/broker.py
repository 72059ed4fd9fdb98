"""A Valkey of the drill's own, to be killed, stopped and emptied without harm to others."""

import os
import signal
import subprocess
import time

import redis

from deploy import servers
from deploy.servers.binaries import valkey_binary
from deploy.servers.users import server_user


class Broker:
    """One Valkey server: ``url``, and the ways in which it fails."""

    def __init__(self, folder):
        self.folder = folder
        self.port = servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.binary = str(valkey_binary(folder, server_user()))
        self.process = None
        self.start()

    def start(self):
        command = [self.binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--databases", "64"]
        with open(self.folder / "broker.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        for _attempt in range(100):
            if self.answers():
                return
            time.sleep(0.1)
        raise RuntimeError("the drill's broker does not answer")

    def answers(self):
        link = redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)
        try:
            return link.ping()
        except redis.RedisError:
            return False
        finally:
            link.close()

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def hang(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def empty(self):
        link = redis.Redis.from_url(self.url, socket_timeout=2)
        link.flushall()
        link.close()

    def end(self):
        if self.process.poll() is None:
            self.go_on()
            self.process.kill()
            self.process.wait(10)
