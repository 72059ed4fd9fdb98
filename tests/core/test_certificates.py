"""The certificate that visitors are shown, requested from a real server."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.servers.processes import free_port
from portal.core.certificates import certificate_of
from portal.core.health import all_checks
from portal.core.models import Observation
from portal.core.services import look_outside


@contextlib.contextmanager
def server(folder, *, days, name="localhost"):
    """Run a TLS server with a self-signed certificate that expires in ``days`` days.

    Yields (url, path of the certificate).
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=100))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as listening:

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    link, _address = listening.accept()
                    with contextlib.suppress(OSError), link:
                        context.wrap_socket(link, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://localhost:{port}/", pem
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def days_left(seen):
    return round((seen.ends_at - datetime.now(UTC).timestamp()) / 86400)


def test_a_trusted_certificate_has_its_end_and_no_fault(tmp_path, monkeypatch):
    with server(tmp_path, days=40) as (url, pem):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        seen = certificate_of(url)
    assert (days_left(seen), seen.fault) == (40, "")


def test_a_certificate_that_is_over_or_of_another_has_its_end_and_its_fault(tmp_path, monkeypatch):
    with server(tmp_path, days=-3) as (url, pem):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        over = certificate_of(url)
    with server(tmp_path, days=40, name="elsewhere.example") as (url, pem):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        other = certificate_of(url)
    assert (days_left(over), over.fault) == (-3, "certificate has expired")
    assert days_left(other) == 40
    assert "mismatch" in other.fault


def test_a_server_that_is_not_there_is_a_fault():
    assert certificate_of(f"https://localhost:{free_port()}/") == (None, "ConnectionRefusedError")
    assert certificate_of("http://localhost/") is None


def test_a_server_that_shows_no_certificate_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(ssl.SSLSocket, "getpeercert", lambda link, binary_form=False: None)
    with server(tmp_path, days=40) as (url, pem):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert certificate_of(url) == (None, "ValueError")


def finding():
    return next(check for check in all_checks() if check.name == "certificate")


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "well"), [(40, True), (10, False)])
def test_the_task_keeps_what_it_saw(settings, tmp_path, monkeypatch, days, well):
    with server(tmp_path, days=days) as (url, pem):
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        settings.SITE_URL = url
        look_outside()
        look_outside()
    assert Observation.objects.count() == 1
    assert finding().well is well
    assert finding().figures["certificate_left_seconds"] == pytest.approx(days * 86400, abs=3600)


@pytest.mark.django_db
def test_a_certificate_nobody_looked_at_is_ill_in_earnest(settings):
    settings.SITE_URL = "https://portal.example.org"
    settings.ALLOW_DEMO_PEOPLE = False
    assert not finding().well
    Observation.objects.create(name="certificate", at=datetime.now(UTC), number=2**63 - 1)
    assert finding().well  # later than any date
    Observation.objects.update(at=datetime.now(UTC) - timedelta(days=3))
    assert not finding().well
