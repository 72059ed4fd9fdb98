"""The Valkey server for development, with a password and 64 databases."""

import os
import socket

from deploy.servers.files import ServersError, last_lines, write_private
from deploy.servers.processes import free_port, port_is_free, spawn, wait_for


def start_valkey(binary, home, user, values, state, log, *, test):
    data = home / "valkey"
    if not data.is_dir():
        data.mkdir(mode=0o700)
        os.chown(data, user.uid, user.gid)
    port = state.get("valkey", {}).get("port")
    for _attempt in range(5):
        if not port or not port_is_free(port):
            port = free_port()
        lines = [
            "bind 127.0.0.1",
            "protected-mode yes",
            f"port {port}",
            f"requirepass {values['VALKEY_PASSWORD']}",
            "databases 64",
            "maxmemory-policy noeviction",
            f"appendonly {'no' if test else 'yes'}",
            'save ""',
            f'dir "{data}"',
            f'pidfile "{data / "valkey.pid"}"',
            "daemonize no",
            # A process is recognised by its command line, so its title stays as it is.
            "set-proc-title no",
            'logfile ""',
        ]
        config = data / "valkey.conf"
        write_private(config, "\n".join(lines) + "\n")
        os.chown(config, user.uid, user.gid)
        process = spawn([str(binary), str(config)], log / "valkey.log", data, user)
        if wait_for(process, lambda port=port: valkey_answers(values, port), 30):
            return {"pid": process.pid, "port": port}
        port = None
    raise ServersError(f"Valkey did not start:\n{last_lines(log / 'valkey.log')}")


def valkey_answers(values, port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(f"AUTH {values['VALKEY_PASSWORD']}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = link.recv(200)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"
