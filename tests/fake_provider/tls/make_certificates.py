"""
Write the test certificates anew: one authority (its key is thrown away), three leaves, and one on its own.

Run by hand, should they ever be needed again: they are valid for a hundred years.
"""

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = Path(__file__).parent
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
CENTURY = datetime.timedelta(days=36_500)
LOCAL = [
    x509.DNSName("localhost"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.IPAddress(ipaddress.ip_address("::1")),
]


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, lifetime: datetime.timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer))
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(START).not_valid_after(START + lifetime)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def main() -> None:
    ca_name, ca_key = "Belay test authority", ec.generate_private_key(ec.SECP256R1())
    authority = _builder(ca_name, ca_name, ca_key, CENTURY)
    authority = authority.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    authority = authority.add_extension(_usage(signs_certificates=True), critical=True)
    pem = serialization.Encoding.PEM
    (HERE / "ca.pem").write_bytes(authority.sign(ca_key, hashes.SHA256()).public_bytes(pem))

    leaves: dict[str, tuple[list[x509.GeneralName], datetime.timedelta]] = {
        "localhost": ([*LOCAL], CENTURY),
        "wrong-host": ([x509.DNSName("elsewhere.invalid")], CENTURY),
        "expired": ([*LOCAL], datetime.timedelta(days=1)),
    }
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    for name, (alternatives, lifetime) in leaves.items():
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _builder(name, ca_name, key, lifetime).add_extension(issuer_id, critical=False)
        leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        leaf = leaf.add_extension(_usage(signs_certificates=False), critical=True)
        leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        leaf = leaf.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (HERE / f"{name}.pem").write_bytes(private + leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    make_self_signed()


def make_self_signed() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    alone = _builder("localhost", "localhost", key, CENTURY)
    alone = alone.add_extension(x509.SubjectAlternativeName(LOCAL), critical=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (HERE / "self-signed.pem").write_bytes(private + alone.sign(key, hashes.SHA256()).public_bytes(pem))


if __name__ == "__main__":
    main()
