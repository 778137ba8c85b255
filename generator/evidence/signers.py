"""Key files: PKCS#12 or PEM to a signer, with errors for the person who holds the key.

A passphrase travels as `SecretStr` and a key as a field that is never printed; no message here repeats either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from generator.errors import UsageProblem

MAX_KEY_FILE = 1_000_000
"""Bytes. A key with its chain has a few thousand."""

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its certificate and the chain above it."""

    name: str
    """Common name of the certificate."""
    valid_from: datetime
    valid_until: datetime
    certificate: bytes = field(repr=False)
    """DER."""
    chain: tuple[bytes, ...] = field(repr=False)
    """DER, without the certificate itself."""
    key: bytes = field(repr=False)
    """DER (PKCS#8), not encrypted. Stays in memory."""

    def warning(self, at: datetime) -> str | None:
        """What a reader of a signature made at `at` will object to, or None."""
        if at > self.valid_until:
            return f"the certificate of {self.name} expired on {self.valid_until:%Y-%m-%d}"
        if at < self.valid_from:
            return f"the certificate of {self.name} is not valid before {self.valid_from:%Y-%m-%d}"
        return None


def load_signer(
    source: Path | bytes,
    passphrase: SecretStr | None,
    *,
    name: str = "key file",
    certificates: Sequence[bytes] = (),
) -> Signer:
    """The signer in a PKCS#12 or PEM file.

    `name` stands for the file in messages. `certificates` are files beside a PEM key that holds none.
    Raises UsageProblem: unreadable, wrong passphrase, no key, no certificate of the key, or one not for signing.
    """
    data, name = _read(source, name)
    secret = passphrase.get_secret_value().encode() if passphrase and passphrase.get_secret_value() else None
    if b"-----BEGIN" in data:
        key, found = _from_pem(data, secret, name)
    else:
        key, found = _from_pkcs12(data, secret, name)
    found = [
        *found,
        *(certificate for extra in certificates for certificate in read_certificates(extra, name)),
    ]
    return _signer(key, found, name)


def read_certificates(data: bytes, name: str = "certificate file") -> list[x509.Certificate]:
    """The certificates in a PEM or DER file, at least one. Raises UsageProblem."""
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageProblem(f"{name}: holds no certificate in PEM or DER that can be read") from None


def _read(source: Path | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name
    try:
        with source.open("rb") as file:
            data = file.read(MAX_KEY_FILE + 1)
    except OSError as error:
        raise UsageProblem(f"{source}: cannot be read: {error.strerror}") from None
    if len(data) > MAX_KEY_FILE:
        raise UsageProblem(f"{source}: is too large for a key file")
    return data, str(source)


def _from_pem(data: bytes, secret: bytes | None, name: str) -> tuple[Key, list[x509.Certificate]]:
    if b"PRIVATE KEY-----" not in data:
        raise UsageProblem(
            f"{name}: holds no private key; give the file with the key, or a PKCS#12 file (.p12)"
        )
    encrypted = b"ENCRYPTED" in data
    key = _pem_key(data, secret if encrypted else None, name, encrypted)
    return key, read_certificates(data, name) if b"BEGIN CERTIFICATE" in data else []


def _pem_key(data: bytes, secret: bytes | None, name: str, encrypted: bool) -> Key:
    if encrypted and secret is None:
        raise UsageProblem(f"{name}: the key is protected by a passphrase, and none was given")
    try:
        key = load_pem_private_key(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        reason = "the passphrase is wrong, or the key is damaged" if encrypted else "the key cannot be read"
        raise UsageProblem(f"{name}: {reason}") from None
    return _usable(key, name)


def _from_pkcs12(data: bytes, secret: bytes | None, name: str) -> tuple[Key, list[x509.Certificate]]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            missing = "the file is protected by a passphrase, and none was given"
            raise UsageProblem(f"{name}: {'the passphrase is wrong' if secret else missing}") from None
        raise UsageProblem(
            f"{name}: is neither a PKCS#12 (.p12, .pfx) nor a PEM file that can be read"
        ) from None
    if key is None:
        raise UsageProblem(f"{name}: holds certificates but no private key; export it together with its key")
    return _usable(key, name), [*([certificate] if certificate else []), *others]


def _usable(key: object, name: str) -> Key:
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < 2048:
            raise UsageProblem(f"{name}: an RSA key of {key.key_size} bits is too weak; 2048 is the least")
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise UsageProblem(f"{name}: a key of this kind is not supported; RSA and elliptic-curve keys are")


def _public(key: Key | x509.Certificate) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _signer(key: Key, found: Iterable[x509.Certificate], name: str) -> Signer:
    found = list(found)
    own = next((certificate for certificate in found if _public(certificate) == _public(key)), None)
    if own is None:
        what = (
            "none of its certificates belongs to the key" if found else "holds a key but no certificate of it"
        )
        raise UsageProblem(f"{name}: {what}")
    _may_sign(own, name)
    der = own.public_bytes(Encoding.DER)
    chain = dict.fromkeys(certificate.public_bytes(Encoding.DER) for certificate in found)
    chain.pop(der)
    return Signer(
        name=common_name(own),
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
        certificate=der,
        chain=tuple(chain),
        key=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )


def common_name(certificate: x509.Certificate) -> str:
    """The common name of the subject, else all of it."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _may_sign(certificate: x509.Certificate, name: str) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return  # without the extension every use is allowed
    if not (usage.digital_signature or usage.content_commitment):
        raise UsageProblem(
            f"{name}: the certificate of {common_name(certificate)} may not sign:"
            " its key usage has neither digital signature nor non-repudiation"
        )
