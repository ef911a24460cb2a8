"""The key that seals papers: four PEM files in SIGNING_DIR; a demo makes its own, a real portal brings them.

`ca.pem` may hold several certificates: add a new authority to the old, or older papers lose their trust.
"""

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

AUTHORITY_NAME = "swindow demo CA, not an authority"
SEAL_NAME = "swindow demo seal, not an authority"
_AUTHORITY_DAYS = 20 * 365
_SEAL_DAYS = 5 * 365


@dataclass(frozen=True, slots=True)
class SigningFiles:
    """Where the key and the certificates are."""

    folder: Path

    @property
    def authority(self) -> Path:
        """Certificates that readers trust."""
        return self.folder / "ca.pem"

    @property
    def authority_key(self) -> Path:
        """Key of the demo authority, kept to renew the seal's certificate."""
        return self.folder / "ca.key"

    @property
    def certificate(self) -> Path:
        """Certificate of the seal."""
        return self.folder / "seal.pem"

    @property
    def key(self) -> Path:
        """Private key of the seal."""
        return self.folder / "seal.key"

    @property
    def exist(self) -> bool:
        """Whether papers can be sealed."""
        return all(path.is_file() for path in (self.authority, self.certificate, self.key))


def make_demo_keys(folder: Path, *, at: dt.datetime, passphrase: str = "") -> bool:
    """Make the demo authority and its seal unless there is a key; True when made. May run twice at once."""
    if SigningFiles(folder).exist:
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new-", dir=folder.parent))
    try:
        _write_all(SigningFiles(draft), at=at, passphrase=passphrase)
        # A folder renames in one step, and only onto an empty or missing one.
        draft.rename(folder)
    except OSError:
        if not SigningFiles(folder).exist:
            raise
        return False
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _write_all(files: SigningFiles, *, at: dt.datetime, passphrase: str) -> None:
    authority_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _authority(authority_key, at=at)
    seal = _seal(seal_key, authority=authority, authority_key=authority_key, at=at)
    for path, key in ((files.authority_key, authority_key), (files.key, seal_key)):
        _write_private(path, _pem_of_key(key, passphrase=passphrase))
    files.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    files.certificate.write_bytes(seal.public_bytes(serialization.Encoding.PEM))


def _authority(key: ec.EllipticCurvePrivateKey, *, at: dt.datetime) -> x509.Certificate:
    name = _name(AUTHORITY_NAME)
    builder = _certificate(key.public_key(), subject=name, issuer=name, at=at, days=_AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def _seal(
    key: ec.EllipticCurvePrivateKey,
    *,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    at: dt.datetime,
) -> x509.Certificate:
    builder = _certificate(
        key.public_key(), subject=_name(SEAL_NAME), issuer=authority.subject, at=at, days=_SEAL_DAYS
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(certificates=False), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
    )
    return builder.sign(authority_key, hashes.SHA256())


def _certificate(
    key: ec.EllipticCurvePublicKey, *, subject: x509.Name, issuer: x509.Name, at: dt.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A day of grace, because clocks of readers differ.
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "swindow demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _pem_of_key(key: ec.EllipticCurvePrivateKey, *, passphrase: str) -> bytes:
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
