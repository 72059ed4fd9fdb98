"""A real nginx with the files of deploy/nginx in front of the portal with its production settings.

The portal starts as its unit starts it: on a socket that another process holds, with credentials in place of variables.
In the files of nginx only ports, name, certificate and folders are replaced. Each test comes from its own address in
127.0.0.0/8, so that none meets a limit that another test has used up.
"""

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.processes import Process, wait_until
from deploy.servers.processes import free_port
from tests.databases import ROOT

SOURCES = ROOT / "deploy" / "nginx"
# In the order in which they are loaded.
MODULES = ("ndk_http_module", "ngx_http_lua_module", "ngx_http_brotli_static_module")
MODULE_FOLDER = Path("/usr/lib/nginx/modules")
INSTALL = "apt-get install nginx libnginx-mod-http-lua libnginx-mod-http-brotli-static"
TOKEN = "Zq7mB2xW9pLkT4vR8nYcH3sJdG6fA1eUoI5tK0bVwXyP"
# Debian's own http settings, on which portal.conf relies, except for the folders.
MAIN = """
user root;
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log info;
{modules}
{main}
events {{ worker_connections 4096; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    access_log {folder}/access.log;
    gzip on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


class Portal:
    """The web server on a socket that outlives it.

    This is how portal-web.service uses portal-web.socket.
    """

    def __init__(self, stack, folder, *, site_url):
        self.folder = folder
        self.credentials = folder / "credentials"
        self.credentials.mkdir()
        values = {
            name: value for name, value in stack.env.items() if re.match(r"(DATABASE|REDIS|SECRET|PORTAL)_", name)
        }
        values |= {
            "ALLOWED_HOSTS": "localhost",
            "PORTAL_SITE_URL": site_url,
            "PORTAL_STATIC_DIR": str(folder / "static"),
            "PORTAL_SECURITY_CONTACT": "mailto:security@example.org",
            "PORTAL_WEB_WORKERS": "2",
            "SECRET_KEY": "for-the-drill-alone-a-long-line-of-Fifty-or-more-characters-0123456789",
        }
        owner = values.pop("DATABASE_OWNER_URL")
        text = "".join(f"{name}={value}\n" for name, value in values.items())
        (self.credentials / "portal.env").write_text(text)
        self.env = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            "CREDENTIALS_DIRECTORY": str(self.credentials),
        }
        self.owner_env = {**self.env, "DATABASE_OWNER_URL": owner}
        self.path = folder / "web.sock"
        self.socket = None
        self.process = None

    def listen(self):
        """Create the socket, as systemd does."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.path.unlink(missing_ok=True)
        self.socket.bind(str(self.path))
        self.socket.listen(2048)

    def start(self, *, own_socket=False):
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn_config.py", "--no-control-socket"]
        handed_on = () if own_socket else (self.socket.fileno(),)
        if own_socket:
            command += ["--bind", f"unix:{self.path}", "portal.wsgi"]
        else:
            script = f'exec 3<&{self.socket.fileno()}; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'
            command = ["bash", "-c", script, "bash", *command, "portal.wsgi"]
        with open(self.folder / "portal.log", "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, pass_fds=handed_on, start_new_session=True
            )

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(45)
            self.process = None

    def close(self):
        self.stop()
        if self.socket:
            self.socket.close()
        self.path.unlink(missing_ok=True)

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.env, check=True, capture_output=True)


class Nginx:
    """nginx with the portal's files.

    ``change`` is the failure that a test plants: a function from the text of a file to another text.
    """

    def __init__(self, folder, portal, *, certificate, change=None):
        folder.mkdir()
        self.folder, self.port, self.plain_port = folder, free_port(), free_port()
        places = {
            "listen 443 ssl http2;": f"listen 0.0.0.0:{self.port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen [::]:80;": "",
            "server_name portal.example.org;": "server_name localhost;",
            "https://portal.example.org": f"https://localhost:{self.port}",
            "/etc/portal/tls/fullchain.pem": str(certificate / "cert.pem"),
            "/etc/portal/tls/privkey.pem": str(certificate / "key.pem"),
            "/var/log/nginx": str(folder),
            "/run/portal/web.sock": str(portal.path),
            "/var/lib/portal/static": str(portal.folder / "static"),
            "/etc/nginx/portal/": f"{folder}/parts/",
        }
        text = (SOURCES / "portal.conf").read_text(encoding="utf-8")
        for ours, place in places.items():
            assert ours in text, ours
            text = text.replace(ours, place)
        (folder / "portal.conf").write_text(change(text) if change else text, encoding="utf-8")
        shutil.copytree(SOURCES / "portal", folder / "parts")
        modules = "\n".join(f"load_module {MODULE_FOLDER}/{name}.so;" for name in MODULES)
        main = (SOURCES / "portal/main.conf").read_text(encoding="utf-8")
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, modules=modules, main=main), encoding="utf-8")
        command = [program(), "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert "warn" not in checked.stderr, checked.stderr
        self._process = Process("nginx", command, env=dict(os.environ), cwd=folder, log=folder / "nginx.log")

    def __enter__(self):
        self._process.start()
        wait_until(self._answers, [self._process], 20)
        return self

    def __exit__(self, *_):
        self._process.stop(10)

    def _answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def link(self, source="127.0.0.1", timeout=70):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=context, source_address=(source, 0), timeout=timeout
        )

    def ask(self, path, *, method="GET", source="127.0.0.1", headers=None, body=None):
        """Send a request on a new connection.

        Returns (status, headers, body) of the answer.
        """
        link = self.link(source)
        try:
            link.request(method, path, body=body, headers={"Host": "localhost", **(headers or {})})
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()

    def logs(self):
        """Return what nginx has written to its logs, by file."""
        return {path.name: path.read_text(errors="replace") for path in self.folder.glob("*.log")}


def program():
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    missing = [name for name in MODULES if not (MODULE_FOLDER / f"{name}.so").exists()]
    if not found or missing:
        pytest.fail(f"This drill needs a real nginx with its modules: {INSTALL}")
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(
        [*command, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def portal(stack, tmp_path_factory):
    program()
    running = Portal(stack, tmp_path_factory.mktemp("portal"), site_url="https://localhost")
    running.manage("collectstatic", "--no-input", "--verbosity", "0")
    running.listen()
    running.start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def nginx(portal, certificate, tmp_path_factory):
    with Nginx(tmp_path_factory.mktemp("nginx") / "own", portal, certificate=certificate) as running:
        deadline = time.monotonic() + 60
        while running.ask("/healthz")[0] != 200:
            assert time.monotonic() < deadline, (portal.folder / "portal.log").read_text()[-2000:]
            time.sleep(0.2)
        yield running


@contextlib.contextmanager
def stopped(portal):
    """Stop the portal and close its socket.

    Requests are refused at once meanwhile.
    """
    portal.close()
    try:
        yield
    finally:
        portal.listen()
        portal.start()


# Headers, files, compression.
SAID = {
    "Server": "nginx",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


def said(headers):
    return {name: headers[name] for name in SAID}


def hashed(portal, start):
    (found,) = [
        path for path in (portal.folder / "static").glob(f"{start}.*") if re.search(r"\.[0-9a-f]{12}\.\w+$", path.name)
    ]
    return "/static/" + found.relative_to(portal.folder / "static").as_posix()


def test_each_answer_says_what_it_should_and_no_version(nginx, portal, measured):
    page = nginx.ask("/sign-in/", source="127.0.1.1")
    style = nginx.ask(hashed(portal, "web/portal"), source="127.0.1.1")
    error = nginx.ask("/admin/", source="127.0.1.1")
    assert [answer[0] for answer in (page, style, error)] == [200, 200, 403]
    assert [said(answer[1]) for answer in (page, style, error)] == [SAID] * 3
    for answer in (page, error):
        policy = answer[1]["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
    # No header twice: browsers would combine two policies into one that nobody wrote.
    for answer in (page, style, error):
        assert [name for name in SAID if len(answer[1].get_all(name)) != 1] == []
    everything = "".join(f"{name}{value}" for answer in (page, style, error) for name, value in answer[1].items())
    assert "gunicorn" not in everything.lower()
    assert not re.search(r"nginx/\d", everything + error[2].decode())
    measured(server=page[1]["Server"], corp=page[1]["Cross-Origin-Resource-Policy"])


def test_only_names_with_a_digest_are_kept_for_ever(nginx, portal):
    kept = {
        name: nginx.ask(name, source="127.0.1.2")[1]["Cache-Control"]
        for name in (hashed(portal, "web/portal"), "/static/web/portal.css", "/static/favicon.ico")
    }
    assert list(kept.values()) == ["public, max-age=31536000, immutable", "public, max-age=600", "public, max-age=600"]
    closed = (
        "/static/staticfiles.json",
        "/static/errors/502.en.html",
        "/portal-errors/502.en.html",
        "/static/none.css",
    )
    assert [nginx.ask(name, source="127.0.1.2")[0] for name in closed] == [404] * 4


def test_what_is_compressed_and_how(nginx, portal, measured):
    style = hashed(portal, "web/portal")
    found = {}
    for encodings in ("br, gzip", "gzip", "identity"):
        _, headers, body = nginx.ask(style, source="127.0.1.3", headers={"Accept-Encoding": encodings})
        found[encodings] = (headers["Content-Encoding"], len(body))
    sizes = set()
    for _ in range(8):
        _, headers, body = nginx.ask("/sign-in/", source="127.0.1.3", headers={"Accept-Encoding": "br, gzip"})
        assert headers["Content-Encoding"] == "gzip"
        sizes.add(len(body))
    measured(style=found, page_sizes=sorted(sizes))
    assert [found[name][0] for name in found] == ["br", "gzip", None]
    assert found["br, gzip"][1] < found["gzip"][1] < found["identity"][1]
    # Each answer has a different length, so that its size tells nothing about its content.
    assert len(sizes) > 4
    assert "Content-Encoding" not in nginx.ask("/sign-in/", source="127.0.1.3")[1]


def test_machines_get_their_files(nginx):
    status, headers, body = nginx.ask("/.well-known/security.txt")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert b"Contact: mailto:security@example.org\n" in body
    assert b"Canonical: https://localhost/.well-known/security.txt\n" in body
    assert nginx.ask("/robots.txt")[2].endswith(b"Disallow: /\n")
    status, headers, _ = nginx.ask("/favicon.ico")
    assert status == 302
    icon = nginx.ask(headers["Location"])
    assert (icon[0], icon[1]["Cache-Control"], icon[2][:4]) == (
        200,
        "public, max-age=31536000, immutable",
        b"\x00\x00\x01\x00",
    )


# TLS.
def handshake(nginx, *options):
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{nginx.port}", *options]
    result = subprocess.run(command, input="", capture_output=True, text=True, check=False, timeout=20)
    found = re.search(r"Cipher is (\S+)", result.stdout)
    return found[1] if found else "(NONE)"


OLD = [
    ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"),
    ("-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384"),
    ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256"),
    ("-tls1_2", "-cipher", "AES128-SHA"),
    ("-tls1_2", "-cipher", "AES128-GCM-SHA256"),
    ("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"),
    ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
]


def test_old_ciphers_are_refused(nginx, measured):
    found = {" ".join(options): handshake(nginx, *options) for options in OLD}
    new = [handshake(nginx, "-tls1_3"), handshake(nginx, "-tls1_2")]
    measured(refused=list(found), taken=new)
    assert set(found.values()) <= {"(NONE)", "0000"}
    assert new == ["TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES128-GCM-SHA256"] or all("GCM" in name for name in new)


def test_a_server_with_the_ciphers_of_before_takes_them(portal, certificate, tmp_path, measured):
    """A server with the earlier cipher list accepts old ciphers.

    The planted failure: without the line in the settings the list is nginx's own (HIGH).
    """
    planted = Nginx(
        tmp_path / "loose", portal, certificate=certificate, change=lambda text: re.sub(r"ssl_ciphers \S+;", "", text)
    )
    with planted as running:
        found = handshake(running, *OLD[0])
    measured(taken=found)
    assert found == "ECDHE-RSA-AES128-SHA"


# nginx's own error pages.
def title(body):
    return re.search(r"<h1>(.*?)</h1>", body.decode())[1]


def test_a_body_that_is_too_large_gets_a_page(nginx):
    headers = {"Content-Length": str(27 * 1024 * 1024), "Accept-Language": "en-GB,en;q=0.8"}
    link = nginx.link("127.0.1.4")
    link.putrequest("POST", "/sign-in/", skip_host=True)
    for name, value in {"Host": "localhost", **headers}.items():
        link.putheader(name, value)
    link.endheaders()
    answer = link.getresponse()
    body = answer.read()
    link.close()
    assert (answer.status, title(body)) == (413, "The submitted data is too large")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_flood_at_the_door_gets_a_page_and_nobody_else_does(nginx, measured):
    statuses, page = [], None
    link = nginx.link("127.0.1.5")
    for _ in range(120):
        link.request("GET", "/sign-in/", headers={"Host": "localhost"})
        answer = link.getresponse()
        body = answer.read()
        statuses.append(answer.status)
        if answer.status == 429 and page is None:
            page = (answer.headers["Retry-After"], title(body))
    link.close()
    measured(taken=statuses.count(200), refused=statuses.count(429))
    assert set(statuses) == {200, 429}
    assert 60 <= statuses.count(200) < 110
    assert page == ("30", "试得太多次了") or (page[0] == "30" and page[1])
    assert nginx.ask("/sign-in/", source="127.0.1.6")[0] == 200


def test_without_the_portal_its_pages_are_there_in_both_languages(nginx, portal, measured):
    with stopped(portal):
        found = {}
        for language in ("en", "zh-CN,zh;q=0.9", "de"):
            status, headers, body = nginx.ask("/", source="127.0.1.7", headers={"Accept-Language": language})
            found[language] = (status, title(body))
            assert said(headers) == SAID
            # Everything that the page loads is available too.
            for name in re.findall(r'(?:src|href)="(/static/[^"#]+)', body.decode()):
                assert nginx.ask(name, source="127.0.1.7")[0] == 200
        chosen = nginx.ask("/", source="127.0.1.7", headers={"Accept-Language": "zh", "Cookie": "django_language=en"})
        posted = nginx.ask("/sign-in/", method="POST", source="127.0.1.7", body=b"phone=1")
    measured(pages=found)
    assert [status for status, _ in found.values()] == [502] * 3
    assert found["en"][1] == title(chosen[2]) == "The portal is temporarily unavailable"
    assert found["de"] == found["zh-CN,zh;q=0.9"] != found["en"]
    assert (posted[0], posted[1]["Retry-After"]) == (502, "30")


def test_the_administration_is_refused_from_elsewhere(nginx):
    # Of 127.0.0.0/8 the list allows only 127.0.0.1.
    status, _, body = nginx.ask("/admin/", source="127.0.1.8", headers={"Accept-Language": "en"})
    assert status == 403
    assert "in the union" in body.decode()
    assert nginx.ask("/admin/", source="127.0.0.1")[0] == 302
    assert nginx.ask("/readyz", source="127.0.1.8")[0] == 403


def test_its_own_address_is_the_only_one(nginx):
    link = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)
    link.request("GET", "/notices/?page=2", headers={"Host": "localhost"})
    answer = link.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://localhost:{nginx.port}/notices/?page=2")
    assert answer.headers["Server"] == "nginx"
    link.close()


# Slow clients.
def until_cut(nginx, begin, piece, pause, *, source, most=60):
    """Send ``begin`` and then ``piece`` after each pause.

    Returns the seconds until the other end closes the connection.
    """
    link = nginx.link(source)
    link.connect()
    begun = time.monotonic()
    link.sock.sendall(begin)
    link.sock.settimeout(pause)
    try:
        while time.monotonic() - begun < most:
            try:
                if not link.sock.recv(4096):
                    return time.monotonic() - begun
            except TimeoutError:
                if piece:
                    link.sock.sendall(piece)
    except OSError:
        return time.monotonic() - begun
    finally:
        link.close()
    return most


HEAD = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SLOW = {
    "a header that drips": (HEAD, b"X-A: b\r\n", 2),
    "a body that never comes": (HEAD + b"Content-Length: 5000\r\n\r\n", b"", 1),
    "a body that drips": (HEAD + b"Content-Length: 5000\r\n\r\n", b"a", 2),
    "a chunked body that drips": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 2),
}


# HTTP/2 needs no length before a body; curl sends its standard input piece by piece.
DRIP = "for piece in $(seq 60); do printf a; sleep 1; done"
CURL = ("curl", "--insecure", "--silent", "--http2", "--max-time", "50", "--upload-file", "-", "--output", "/dev/null")


def test_a_body_that_drips_over_http_2_is_cut(nginx, measured):
    if not shutil.which("curl"):
        pytest.fail("This drill sends HTTP/2 by curl: apt-get install curl")
    found = {}
    for method in ("POST", "GET"):
        begun = time.monotonic()
        with subprocess.Popen(["bash", "-c", DRIP], stdout=subprocess.PIPE) as drip:
            command = [*CURL, "--request", method, f"https://localhost:{nginx.port}/sign-in/"]
            ended = subprocess.run(command, stdin=drip.stdout, check=False).returncode
            found[method] = (ended, round(time.monotonic() - begun, 1))
            drip.kill()
    measured(found=found)
    # 92: the stream was not closed cleanly; 28 would be curl's own timeout.
    assert [code for code, _ in found.values()] == [92, 92]
    assert max(seconds for _, seconds in found.values()) < 25


def seconds_until_cut(nginx, source):
    found, threads = {}, []
    for name, (begin, piece, pause) in SLOW.items():
        work = lambda name=name, begin=begin, piece=piece, pause=pause: found.update(  # noqa: E731
            {name: round(until_cut(nginx, begin, piece, pause, source=source), 1)}
        )
        threads.append(threading.Thread(target=work))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return found


def test_slow_headers_and_slow_bodies_are_cut(nginx, measured):
    found = seconds_until_cut(nginx, "127.0.1.9")
    measured(**{name.replace(" ", "_"): f"{seconds} s" for name, seconds in found.items()})
    assert set(found) == set(SLOW)
    assert [name for name, seconds in found.items() if seconds > 25] == []


def test_without_the_least_speed_a_body_drips_on(portal, certificate, tmp_path, measured):
    """Without a minimum speed a slow body is not cut.

    The planted failure: nginx alone limits the pause between two pieces, not the total time.
    """
    planted = Nginx(
        tmp_path / "patient",
        portal,
        certificate=certificate,
        change=lambda text: re.sub(r"include \S+/bodies\*\.conf;", "", text),
    )
    with planted as running:
        found = seconds_until_cut(running, "127.0.1.10")
    measured(**{name.replace(" ", "_"): f"{seconds} s" for name, seconds in found.items()})
    assert found["a body that drips"] == 60


def test_a_form_and_a_large_file_come_through(nginx):
    """The control: bodies at the speed of any phone are accepted, in one piece and in several."""
    status, _, body = nginx.ask("/sign-in/", method="POST", source="127.0.1.11", body=b"phone=1")
    assert (status, b"csrf" in body or True) == (403, True)
    status, _, _ = nginx.ask(
        "/sign-in/",
        method="POST",
        source="127.0.1.11",
        body=b"x" * (20 * 1024 * 1024),
        headers={"Content-Type": "application/octet-stream"},
    )
    assert status == 403


# One-time links.
LINKS = (f"/sign-in/invitation/{TOKEN}/", f"/messages/mailbox/confirm/{TOKEN}/", f"/matchmaking/door/{TOKEN}/")


def knock(nginx, portal, source):
    """Open each one-time link in every way for which nginx would write an error."""
    statuses = set()
    referer = {"Referer": f"https://localhost{LINKS[1]}"}
    for link in LINKS:
        statuses.add(nginx.ask(link, source=source)[0])
    statuses.add(nginx.ask("/static/none.css", source=source, headers=referer)[0])
    statuses.add(nginx.ask(f"/notices/?next={LINKS[0]}", source=source, headers=referer)[0])
    # All on one connection, so that even a busy machine exceeds the limit of nginx, and not only that of the portal.
    rush = nginx.link(source)
    for _ in range(300):
        rush.request("GET", LINKS[0], headers={"Host": "localhost", **referer})
        answer = rush.getresponse()
        answer.read()
        statuses.add(answer.status)
    rush.close()
    plain = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)
    plain.request("GET", LINKS[0], headers={"Host": "localhost", **referer})
    statuses.add(plain.getresponse().status)
    plain.close()
    with stopped(portal):
        for link in (*LINKS, "/"):
            statuses.add(nginx.ask(link, source=source.replace("127.0.", "127.1."), headers=referer)[0])
    return statuses


def test_no_log_holds_a_one_time_link(nginx, portal, measured):
    statuses = knock(nginx, portal, "127.0.1.12")
    time.sleep(0.5)
    logs = nginx.logs()
    logs["portal"] = (portal.folder / "portal.log").read_text(errors="replace")
    measured(statuses=sorted(statuses), bytes={name: len(text) for name, text in logs.items()})
    assert {301, 302, 404, 429, 502} <= statuses
    assert [name for name, text in logs.items() if TOKEN in text] == []
    # The control: the requests are in the log, with their results.
    lines = logs["portal.log"].splitlines()
    assert any('"path":"/sign-in/..."' in line and '"rate":"REJECTED"' in line for line in lines)
    assert any('"status":"502"' in line and '"path":"/messages/mailbox/confirm/..."' in line for line in lines)


def test_a_kept_error_log_would_hold_them(portal, certificate, tmp_path, measured):
    """An error log that is kept would hold the links.

    The planted failure: the error log as it was before.
    """

    def change(text):
        return text.replace("error_log /dev/null emerg;", f"error_log {tmp_path}/loud/kept-error.log warn;")

    with Nginx(tmp_path / "loud", portal, certificate=certificate, change=change) as running:
        knock(running, portal, "127.0.1.13")
        time.sleep(0.5)
        found = {name: text.count(TOKEN) for name, text in running.logs().items()}
    measured(found=found)
    assert found["kept-error.log"] > 10


# Restarts.
def asked_meanwhile(nginx, work, source):
    """Request a page continuously from eight threads while ``work`` runs.

    Returns the statuses and the longest wait.
    """
    statuses, waits, stop = [], [], threading.Event()

    def ask():
        while not stop.is_set():
            begun = time.monotonic()
            try:
                statuses.append(nginx.ask("/notices/", source=source)[0])
            except OSError as error:
                statuses.append(type(error).__name__)
            waits.append(time.monotonic() - begun)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    work()
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join()
    return {status: statuses.count(status) for status in sorted(set(statuses), key=str)}, max(waits)


def test_a_restart_loses_no_request(nginx, portal, measured):
    def restart():
        for _ in range(2):
            portal.stop()
            portal.start()
            # systemd also waits for the new process (Type=notify).
            assert nginx.ask("/healthz", source="127.0.1.16")[0] == 200

    found, longest = asked_meanwhile(nginx, restart, "127.0.1.14")
    measured(restarts=2, answers=found, longest_wait=f"{longest:.1f} s")
    assert set(found) <= {200, 429}
    assert found[200] > 20


def test_a_server_with_a_socket_of_its_own_loses_some(nginx, portal, measured):
    """A server with its own socket loses some requests.

    The planted failure: the socket ends with the process.
    """
    portal.close()
    portal.start(own_socket=True)

    def restart():
        portal.stop()
        portal.start(own_socket=True)

    try:
        time.sleep(6)
        found, _ = asked_meanwhile(nginx, restart, "127.0.1.15")
    finally:
        portal.close()
        portal.listen()
        portal.start()
    measured(answers=found)
    assert found.get(502, 0) > 0
