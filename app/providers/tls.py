"""Whose certificates are trusted: the system's, and beside them those of a CA file. There is no way to trust all."""

import importlib
import ssl
import threading

from app.domain.errors import CaFileUnusable

# What OpenSSL calls them, https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_PROBLEMS = {
    9: "It is not valid yet: check this computer's clock.",
    10: "It has expired.",
    18: "It is self-signed: nobody vouches for it.",
    19: "It leads to a self-signed certificate that this system does not know.",
    20: "Its issuer is not known to this system.",
    21: "Its issuer is not known to this system, or the server leaves out a certificate between.",
    23: "It has been revoked.",
    62: "It is for another host name.",
    64: "It is for another address.",
}


class TlsContexts:
    """One context for each CA file, shared by all providers that have it. Built in main."""

    def __init__(self) -> None:
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def trusting(self, ca_file: str = "") -> ssl.SSLContext:
        """
        Return a context that verifies by the system's trust store, and by a PEM file beside it.

        For a thread: reading the store takes 20 ms and more. On Linux that is OpenSSL's store, read once:
        truststore would read it again for each connection (20 ms here, on the UI thread); on Windows and macOS
        it is truststore. SSL_CERT_FILE and SSL_CERT_DIR replace the system's store, as everywhere.

        Raises:
            CaFileUnusable: it can't be read, or holds no certificate.
        """
        with self._lock:
            if (known := self._contexts.get(ca_file)) is not None:
                return known
            # httpcore2 must not be loaded before it is needed.
            context: ssl.SSLContext = importlib.import_module("httpcore2").default_ssl_context()
            if ca_file:
                _add(context, ca_file)
            self._contexts[ca_file] = context
            return context


def certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    """Say in a few words what is wrong with a certificate."""
    return _PROBLEMS.get(error.verify_code) or error.verify_message or "It could not be verified."


def handshake_problem(error: ssl.SSLError) -> str:
    """Say in a few words why there is no secure connection, where the certificate is not the reason."""
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST"):
        return "The server does not speak TLS at this port; its address may begin with http://."
    return f"The secure connection could not be made ({error.reason or error})."


def _add(context: ssl.SSLContext, ca_file: str) -> None:
    try:
        context.load_verify_locations(cafile=ca_file)
    except FileNotFoundError as error:
        raise CaFileUnusable(f"{ca_file} is not there") from error
    except ssl.SSLError as error:  # before OSError: it is one
        raise CaFileUnusable(f"{ca_file} holds no certificate in PEM form") from error
    except OSError as error:
        raise CaFileUnusable(f"{ca_file} can't be read: {error.strerror}") from error
