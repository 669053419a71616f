"""TLS over a connection of ours."""

import contextlib
import ssl
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "tls"
CA_FILE = CERTIFICATES / "ca.pem"


def server_context(certificate: str) -> ssl.SSLContext:
    """`certificate` is localhost, wrong-host, expired or self-signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    context.set_alpn_protocols(["http/1.1"])
    return context


class TlsLayer:
    """
    The server's side of TLS as bytes in and bytes out.

    Not asyncio's own: that reports the peer's close only once its write buffer has
    drained, and a fake must see it at once.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False
        self.peer_closed = False

    @property
    def version(self) -> str | None:
        return self._object.version()

    @property
    def resumed(self) -> bool | None:
        return self._object.session_reused

    def receive(self, data: bytes) -> bytes:
        """
        The plain bytes in `data`; take_outgoing may then have something to send.

        Raises:
            ssl.SSLError: the peer broke off, for instance because it rejects the certificate.
        """
        self._incoming.write(data)
        plain = bytearray()
        try:
            if not self.established:
                self._object.do_handshake()
                self.established = True
            while True:
                plain += self._object.read(65536)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.peer_closed = True
        return bytes(plain)

    def send(self, data: bytes) -> bytes:
        self._object.write(data)
        return self.take_outgoing()

    def close_notify(self) -> bytes:
        with contextlib.suppress(ssl.SSLError):  # it wants the peer's answer, for which nobody here waits
            self._object.unwrap()
        return self.take_outgoing()

    def take_outgoing(self) -> bytes:
        return self._outgoing.read()
