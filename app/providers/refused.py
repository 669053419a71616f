"""What the openai client meets, in words that need no openai: most of the program must not load that package."""

from collections.abc import Mapping


class Refused(Exception):
    """The server answered with a status that is no success. `error_map` makes a ProviderError of it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """`headers` have names in small letters; `body` is its beginning."""
        super().__init__(f"HTTP {status}")
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def words(self) -> str:
        return self.body.decode(errors="replace")


class ClientFailed(Exception):
    """The client could not ask, or not read the answer. Its cause tells why, as far as it is known."""
