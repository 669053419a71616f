"""A key shows itself to nobody who does not ask by name."""

import copy
import json
import pickle
from collections.abc import Callable

import msgspec
import pytest

from app.domain.network import ProxyAddress
from app.domain.provider import Endpoint, Secret

VALUE = "sk-canary-0123456789"
KEY = Secret(VALUE)
ENDPOINT = Endpoint(name="Work", base_url="https://api.example.com/v1", api_key=KEY)


@pytest.mark.parametrize("holder", [KEY, ENDPOINT, [KEY], {"key": KEY}, (ENDPOINT,)])
@pytest.mark.parametrize(
    "show",
    [repr, str, ascii, "{}".format, "{0!r}".format, lambda held: f"{held}", lambda held: "%s %r".__mod__((held, held))],
)
def test_no_text_shows_it(holder: object, show: Callable[[object], str]) -> None:
    shown = show(holder)
    assert "sk-" not in shown
    assert "0123" not in shown


@pytest.mark.parametrize("held", [KEY, ENDPOINT])
@pytest.mark.parametrize(
    "write",
    [
        pickle.dumps,
        lambda held: pickle.dumps(held, protocol=0),
        copy.copy,
        copy.deepcopy,
        json.dumps,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        msgspec.to_builtins,
        vars,
        lambda held: format(held, "30"),
    ],
)
def test_it_can_be_neither_copied_nor_encoded(held: object, write: Callable[[object], object]) -> None:
    if held is ENDPOINT and write is copy.copy:
        assert copy.copy(ENDPOINT).api_key is KEY  # a shallow copy holds the same one
        return
    with pytest.raises(TypeError) as raised:
        write(held)
    assert "0123" not in str(raised.value)


def test_who_asks_by_name_gets_it() -> None:
    assert KEY.reveal() == VALUE
    assert KEY
    assert not Secret("")
    assert msgspec.structs.replace(ENDPOINT, name="Other").api_key is KEY


def test_the_password_of_a_proxy_is_in_no_text() -> None:
    address = ProxyAddress("http", "proxy", 8080, "ann", "s@cret")
    assert address.password == "s@cret"
    assert "cret" not in f"{address} {address!r} {[address]}"
