"""A certificate for 127.0.0.1 that is its own authority: who trusts it names it in SSL_CERT_FILE."""

import ssl
from pathlib import Path
from subprocess import run

NEW = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
SUBJECT = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")


def make_certificate(directory: Path) -> Path:
    """The certificate; its key is in the same file."""
    key, cert, both = (directory / f"{name}.pem" for name in ("key", "cert", "both"))
    run([*NEW, "-keyout", str(key), "-out", str(cert), *SUBJECT], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


def serving_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
