"""Each fault does what its name says."""

import gzip
import http.client
import json
import socket
import zlib
from contextlib import nullcontext

import pytest

from tests.fake_provider.behaviour import model_name
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text, token_text
from tests.unit.fake_provider.client import HEADERS, Answer, ask, connected, request_body


@pytest.fixture
def faulty(connection: http.client.HTTPConnection) -> "Faulty":
    return Faulty(connection)


class Faulty:
    """Asks for 30 tokens and a fault."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def __call__(self, fault: str, **parameters: object) -> Answer:
        return ask(self._connection, model_name(rate=3000, count=30, fault=fault, **parameters))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 429, 500, 503])
def test_status(faulty: Faulty, status: int) -> None:
    answer = faulty(f"status:{status}")
    assert answer.status == status
    assert answer.error["message"]
    assert "retry-after" not in answer.headers


def test_retry_after(faulty: Faulty) -> None:
    assert faulty("status:429", retry_after=7).headers["retry-after"] == "7"


def test_a_fault_can_last_for_some_requests_only(faulty: Faulty) -> None:
    statuses = [faulty("status:503", times=2, key="twice").status for _ in range(4)]
    assert statuses == [503, 503, 200, 200]
    assert faulty("status:503", times=2, key="other").status == 503


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("quota", 429, "insufficient_quota"), ("context_length", 400, "context_length_exceeded")],
)
def test_errors_with_a_code(faulty: Faulty, fault: str, status: int, code: str) -> None:
    answer = faulty(fault)
    assert (answer.status, answer.error["code"]) == (status, code)


def test_echo_key(faulty: Faulty) -> None:
    answer = faulty("echo_key")
    assert answer.status == 401
    assert "sk-test" in answer.error["message"]


def test_html(faulty: Faulty) -> None:
    assert (faulty("html").status, faulty("html:502").status) == (200, 502)
    assert faulty("html").headers["content-type"].startswith("text/html")


def test_json_that_is_no_completion(faulty: Faulty) -> None:
    assert json.loads(faulty("json").body) == {"hello": "world"}


def test_redirect(faulty: Faulty) -> None:
    answer = faulty("redirect:http://localhost:9/other")
    assert answer.status == 307
    assert answer.headers["location"] == "http://localhost:9/other/v1/chat/completions"


def test_gzip_bomb(faulty: Faulty) -> None:
    answer = faulty("gzip_bomb", size=5_000_000)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 20_000
    assert len(gzip.decompress(answer.body)) > 5_000_000
    assert len(zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(answer.body)) > 5_000_000


def test_reset_after(faulty: Faulty) -> None:
    answer = faulty("reset_after:20")
    assert isinstance(answer.cut, ConnectionResetError)
    assert answer.text == answer_text(20)


def test_cut_after(faulty: Faulty) -> None:
    answer = faulty("cut_after:20")
    assert isinstance(answer.cut, http.client.IncompleteRead) or b"\r\n0\r\n" not in answer.body
    assert answer.text == answer_text(20)
    assert answer.finish_reasons == []


def test_fin_after(faulty: Faulty) -> None:
    answer = faulty("fin_after:20")
    assert answer.cut is None
    assert answer.text == answer_text(20)
    assert (answer.finish_reasons, "[DONE]" in answer.data) == ([], False)


@pytest.mark.parametrize(("fault", "comments"), [("stall_after", False), ("pings_after", True)])
@pytest.mark.parametrize("tokens", [0, 20])
def test_stall_and_pings(provider: FakeProvider, fault: str, comments: bool, tokens: int) -> None:
    with connected(provider) as connection:
        connection.request("POST", "/v1/chat/completions", request_body(f"rate=3000&fault={fault}:{tokens}"), HEADERS)
        response = connection.getresponse()
        sock: socket.socket = connection.sock
        sock.settimeout(0.3)
        body = bytearray()
        with pytest.raises(TimeoutError) if not comments else nullcontext():
            while body.count(b": ping\n\n") < 3:
                body += response.read1(65536)
        response.close()
    assert Answer(200, {}, bytes(body)).text == answer_text(tokens)
    assert (b": ping" in body) == comments


def test_error_after(faulty: Faulty) -> None:
    answer = faulty("error_after:20")
    assert answer.text == answer_text(20)
    assert json.loads(answer.data[-1])["error"]["code"] == "overloaded"


def test_bad_utf8(faulty: Faulty) -> None:
    body = faulty("bad_utf8:7").body
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    before, _, after = body.partition(b"\xff\xfe \xc3")
    assert (before.count(b"data: "), after.count(b"data: ")) == (9, 25)


def test_bad_json(faulty: Faulty) -> None:
    answer = faulty("bad_json:7")
    assert answer.data[8] == '{"choices": [{"delta": {"content": "oops'
    assert answer.text == answer_text(30)


def test_long_line(faulty: Faulty) -> None:
    answer = faulty("long_line:7")
    assert max(map(len, answer.data)) > 8_000_000
    assert answer.text.startswith(answer_text(7) + "xxx")
    assert answer.data[-1] == "[DONE]"


def test_empty_choices(faulty: Faulty) -> None:
    answer = faulty("empty_choices:7")
    assert json.loads(answer.data[8])["choices"] == []
    assert answer.text == answer_text(30)


def test_no_finish_and_no_done(faulty: Faulty) -> None:
    answer = faulty("no_finish")
    assert (answer.finish_reasons, answer.data[-1]) == ([], "[DONE]")
    answer = faulty("no_done")
    assert (answer.finish_reasons, "[DONE]" in answer.data) == (["stop"], False)


def test_after_done(faulty: Faulty) -> None:
    answer = faulty("after_done")
    assert answer.data[-2] == "[DONE]"
    assert token_text(30) in answer.data[-1]


def test_crlf(faulty: Faulty) -> None:
    answer = faulty("crlf")
    assert answer.body.count(b"\r\n\r\n") == answer.body.count(b"\n") // 2
    assert answer.text == answer_text(30)


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_finish_reason(connection: http.client.HTTPConnection, reason: str) -> None:
    assert ask(connection, f"fake-short&finish={reason}").finish_reasons == [reason]
