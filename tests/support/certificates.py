"""Certificates for servers of this machine, made for one run of the tests by the `openssl` that is there."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")


class Authority:
    """Somebody who vouches for servers, and for whom nobody vouches but a test."""

    def __init__(self, folder: Path) -> None:
        if OPENSSL is None:
            pytest.skip("The tests of certificates need openssl. Type: sudo apt-get install openssl")
        self.folder = folder
        self.certificate, self._key = self._signed("authority", "CA:TRUE")

    def server_context(self, name: str, *, is_vouched_for: bool = True) -> ssl.SSLContext:
        """What a server of a name, or of an IP address, encrypts with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.for_server(name, is_vouched_for=is_vouched_for))
        return context

    def for_server(self, name: str, *, is_vouched_for: bool = True) -> tuple[Path, Path]:
        """The files of a server's certificate and key; the certificate is the authority's, or only the server's own."""
        kind = "IP" if name.replace(".", "").isdigit() else "DNS"
        more = ["-CA", str(self.certificate), "-CAkey", str(self._key)] if is_vouched_for else []
        return self._signed(name, "CA:FALSE", "-addext", f"subjectAltName={kind}:{name}", *more)

    def _signed(self, name: str, constraint: str, *more: str) -> tuple[Path, Path]:
        certificate, key = self.folder / f"{name}.{len(more)}.pem", self.folder / f"{name}.{len(more)}.key"
        subprocess.run(
            [
                str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", f"/CN={name}", "-addext", f"basicConstraints=critical,{constraint}",
                "-keyout", str(key), "-out", str(certificate), *more,
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return certificate, key
