"""The fake streams its schedule on time, whoever reads, over connections that stay open."""

import http.client
import json
import time

import pytest

from tests.fake_provider.behaviour import PRESETS, model_name
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.report import fingerprint
from tests.fake_provider.text import answer_text, reasoning_text
from tests.unit.fake_provider.client import HEADERS, ask, connected, request_body, send_raw


@pytest.mark.parametrize("rate", [300, 3000, 10_000])
def test_tokens_arrive_on_schedule(provider: FakeProvider, rate: int) -> None:
    model = model_name(rate=rate, count=rate // 2, key=f"on schedule at {rate}")
    with connected(provider) as connection:
        answer = ask(connection, model)
    request = provider.wait_for("request", model=model)
    finished = provider.wait_for("finished", request=request["request"])
    assert answer.text == answer_text(rate // 2)
    assert answer.finish_reasons == ["stop"]
    assert answer.data[-1] == "[DONE]"
    assert finished["tokens_sent"] == finished["tokens_generated"] == rate // 2
    assert 0 <= finished.t_ns - finished.schedule.time_of(rate // 2 - 1) < 200_000_000


def test_generation_does_not_wait_for_a_reader(provider: FakeProvider) -> None:
    """Nobody reads, the kernel's buffers fill, and still all the tokens are generated in their time."""
    model = model_name(rate=50_000, count=50_000, key="no reader")
    with send_raw(provider, model):
        request = provider.wait_for("request", model=model)
        finished = provider.wait_for("finished", request=request["request"])
        assert finished["tokens_sent"] == 50_000
        assert finished["bytes_sent"] < 50_000 * 150


def test_the_request_is_told_without_its_key(provider: FakeProvider, connection: http.client.HTTPConnection) -> None:
    ask(connection, "fake-short&key=told")
    request = provider.wait_for("request", model="fake-short&key=told")
    assert (request["method"], request["path"]) == ("POST", "/v1/chat/completions")
    assert request["headers"]["authorization"] == fingerprint("Bearer sk-test")
    assert (request["messages"], request["last_user_message_chars"]) == (2, len("Ahoy, sailor"))
    assert request["body_bytes"] == len(request_body("fake-short&key=told"))
    assert "sk-test" not in str(provider.events())


def test_one_connection_serves_many_requests(provider: FakeProvider) -> None:
    models = [f"fake-short&key=reuse{number}" for number in range(3)]
    with connected(provider) as connection:
        for model in models:
            assert ask(connection, model).text == answer_text(12)
        assert ask(connection, models[0], stream=False).status == 200
        assert ask(connection, "no-such-model").status == 404
        assert ask(connection, "fault=fin_after:2").finish_reasons == []
    numbers = {provider.wait_for("request", model=model)["connection"] for model in models}
    assert len(numbers) == 1
    assert provider.wait_for("close_seen", connection=numbers.pop())["phase"] == "idle"


def test_each_connection_has_its_number(provider: FakeProvider) -> None:
    models = ["fake-short&key=first", "fake-short&key=second"]
    for model in models:
        with connected(provider) as connection:
            ask(connection, model)
    first, second = (provider.wait_for("request", model=model) for model in models)
    assert first["connection"] != second["connection"]


def test_delays_come_before_headers_and_before_the_first_token(provider: FakeProvider) -> None:
    model = model_name(headers=0.1, delay=0.2, count=3, key="delays")
    with connected(provider) as connection:
        ask(connection, model)
    request = provider.wait_for("request", model=model)
    headers = provider.wait_for("headers_sent", request=request["request"])
    first = provider.wait_for("first_byte", request=request["request"])
    assert headers.t_ns - request.t_ns >= 100_000_000
    assert first.t_ns - headers.t_ns >= 199_000_000


def test_reasoning_comes_first(connection: http.client.HTTPConnection) -> None:
    answer = ask(connection, "rate=3000&count=30&reasoning=25&seed=4&batch=4", stream_options={"include_usage": True})
    assert answer.reasoning == "".join(reasoning_text(index, seed=4) for index in range(25))
    assert answer.text == answer_text(30, seed=4)
    usage = json.loads(answer.data[-2])
    assert usage["choices"] == []
    assert usage["usage"]["completion_tokens"] == 55
    assert usage["usage"]["completion_tokens_details"] == {"reasoning_tokens": 25}


def test_usage_comes_only_when_asked_for(connection: http.client.HTTPConnection) -> None:
    assert "usage" not in ask(connection, "fake-short").body.decode()


def test_a_batch_is_one_event(connection: http.client.HTTPConnection) -> None:
    answer = ask(connection, "rate=5000&count=25&batch=10")
    assert answer.text == answer_text(25)
    assert len([delta for delta in answer.deltas if delta.get("content")]) == 3


def test_split_cuts_the_body_into_small_http_chunks(provider: FakeProvider) -> None:
    with connected(provider) as connection:
        assert ask(connection, "rate=3000&count=60&split=3").text == answer_text(60)
    with send_raw(provider, "rate=3000&count=2&split=3") as client:
        received = b""
        while not received.endswith(b"0\r\n\r\n"):
            received += client.recv(65536)
    assert received.partition(b"\r\n\r\n")[2].startswith(b"3\r\ndat\r\n3\r\na: \r\n")


def test_max_tokens_cuts_the_answer(connection: http.client.HTTPConnection) -> None:
    answer = ask(connection, "fake-300", max_tokens=5)
    assert answer.text == answer_text(5)
    assert answer.finish_reasons == ["length"]


def test_without_streaming_the_answer_comes_whole_in_its_time(connection: http.client.HTTPConnection) -> None:
    started = time.monotonic()
    body = json.loads(ask(connection, "rate=100&count=20", stream=False).body)
    assert time.monotonic() - started >= 0.2
    assert body["choices"][0]["message"]["content"] == answer_text(20)
    assert body["usage"]["completion_tokens"] == 20


def test_the_models_are_the_presets(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/v1/models", headers=HEADERS)
    models = json.loads(connection.getresponse().read())["data"]
    assert [model["id"] for model in models] == list(PRESETS)


def test_an_unknown_model_is_404_and_a_mistake_400(connection: http.client.HTTPConnection) -> None:
    answer = ask(connection, "gpt-9")
    assert (answer.status, answer.error["code"]) == (404, "model_not_found")
    answer = ask(connection, "fault=explode")
    assert answer.status == 400
    assert "explode" in answer.error["message"]


def test_a_default_serves_every_model() -> None:
    with FakeProvider("rate=1000&count=4") as provider, connected(provider) as connection:
        assert ask(connection, "anything").text == answer_text(4)


def test_the_model_list_can_fail() -> None:
    with FakeProvider(flags="--models-fault html") as provider, connected(provider) as connection:
        connection.request("GET", "/v1/models", headers=HEADERS)
        assert b"log in" in connection.getresponse().read()
