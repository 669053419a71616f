"""One request and its reply."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.fake_provider.behaviour import Behaviour
from tests.fake_provider.faults import (
    AFTER,
    BEFORE,
    INSTEAD,
    Fault,
    bytes_before,
    error_body,
    reply_instead,
)
from tests.fake_provider.http import LAST_CHUNK, Request, chunk, json_reply, stream_head
from tests.fake_provider.report import say
from tests.fake_provider.schedule import Schedule
from tests.fake_provider.sse import EventEncoder, usage_of
from tests.fake_provider.text import answer_text, token_text
from tests.fake_provider.wire import Connection

_MOST_TOKENS_PER_WRITE = 200  # about 1 ms of work, after which a close must be able to be seen


@dataclass(frozen=True, slots=True)
class Question:
    """What the request asks for, as far as the fake cares."""

    model: str
    messages: int
    last_user_message_chars: int
    prompt_words: int
    stream: bool
    include_usage: bool
    max_tokens: int | None

    @classmethod
    def of(cls, request: Request) -> "Question":
        body = request.json()
        messages = body.get("messages") or []
        texts = [(message.get("role"), _text_of(message.get("content"))) for message in messages]
        return cls(
            model=str(body.get("model", "")),
            messages=len(messages),
            last_user_message_chars=next((len(text) for role, text in reversed(texts) if role == "user"), 0),
            prompt_words=sum(len(text.split()) for _, text in texts),
            stream=bool(body.get("stream")),
            include_usage=bool((body.get("stream_options") or {}).get("include_usage")),
            max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        )


class Exchange:
    """Answers one request as its behaviour says; `progress` tells how far it is, at any moment."""

    def __init__(
        self, number: int, connection: Connection, request: Request, question: Question, behaviour: Behaviour
    ) -> None:
        self.number = number
        self.ended_ns = 0
        self.fault = Fault.parse(behaviour.fault)
        self._connection = connection
        self._request = request
        self._question = question
        self._behaviour = behaviour
        self._phase = "waiting"
        self._tokens_sent = 0
        self._bytes_before = connection.bytes_written
        self._finish_reason = behaviour.finish
        self._answer_count = behaviour.count
        if question.max_tokens is not None and question.max_tokens < behaviour.count:
            self._finish_reason, self._answer_count = "length", question.max_tokens
        total = behaviour.reasoning + self._answer_count
        if self.fault.name in AFTER:
            total = min(total, self.fault.at)
        elif self.fault.name in INSTEAD:
            total = 0
        t0_ns = time.monotonic_ns() + int((behaviour.headers_s + behaviour.delay_s) * 1e9)
        self.schedule = Schedule(t0_ns, behaviour.rate, total)
        self._encoder = EventEncoder(
            request=number,
            model=question.model,
            seed=behaviour.seed,
            reasoning=behaviour.reasoning,
            include_usage=question.include_usage,
            line_end="\r\n" if self.fault.name == "crlf" else "\n",
        )

    def progress(self, t_ns: int) -> dict[str, Any]:
        return {
            "request": self.number,
            "phase": self._phase,
            "tokens_generated": self.schedule.generated_before(t_ns),
            "tokens_sent": self._tokens_sent,
            "bytes_sent": max(0, self._connection.bytes_sent - self._bytes_before),
            "t0_ns": self.schedule.t0_ns,
            "rate": self.schedule.rate,
            "count": self.schedule.count,
        }

    async def answer(self) -> None:
        await asyncio.sleep(self._behaviour.headers_s)
        if self.fault.name in INSTEAD:
            retry_after, size_bytes = self._behaviour.retry_after, self._behaviour.size_bytes
            whole = await reply_instead(self.fault, self._request, retry_after=retry_after, size_bytes=size_bytes)
            self._connection.write(whole)
        elif self._question.stream:
            await self._stream()
        else:
            await self._answer_whole()
        self._phase = "ended"
        self.ended_ns = time.monotonic_ns()

    async def _answer_whole(self) -> None:
        await asyncio.sleep((self.schedule.time_of(self.schedule.count) - time.monotonic_ns()) / 1e9)
        message = {"role": "assistant", "content": answer_text(self._answer_count, self._behaviour.seed)}
        body = {
            "id": f"chatcmpl-{self.number}",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": self._question.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self._finish_reason}],
            "usage": self._usage(),
        }
        self._tokens_sent = self.schedule.count
        self._connection.write(json_reply(200, body))
        say("first_byte", connection=self._connection.number, request=self.number)

    async def _stream(self) -> None:
        self._connection.write(stream_head())
        self._phase = "headers"
        say("headers_sent", connection=self._connection.number, request=self.number)
        await self._send_tokens()
        await self._end_stream()

    async def _send_tokens(self) -> None:
        schedule, batch, tick_ns = self.schedule, self._behaviour.batch, int(self._behaviour.tick_s * 1e9)
        insert_at = self.fault.at if self.fault.name in BEFORE else -1
        next_tick_ns = 0
        while self._tokens_sent < schedule.count:
            until = min(self._tokens_sent + batch, schedule.count)
            due_ns = max(schedule.time_of(until - 1), next_tick_ns)
            await asyncio.sleep((due_ns - time.monotonic_ns()) / 1e9)
            now_ns = time.monotonic_ns()
            next_tick_ns = now_ns + tick_ns
            generated = min(schedule.generated_before(now_ns), self._tokens_sent + batch + _MOST_TOKENS_PER_WRITE)
            events = []
            first = self._tokens_sent
            while first < generated and (first + batch <= generated or generated == schedule.count):
                last = min(first + batch, generated)
                if first == 0:
                    events.append(self._encoder.choice({"role": "assistant", "content": ""}))
                if first <= insert_at < last:
                    events.append(bytes_before(self.fault, self._encoder, self._behaviour.size_bytes))
                events.append(self._encoder.tokens(first, last))
                first = last
            writing_ns = time.monotonic_ns()
            self._send(*events)
            if self._tokens_sent == 0 < first:
                self._phase = "streaming"
                say("first_byte", t_ns=writing_ns, connection=self._connection.number, request=self.number)
            self._tokens_sent = first

    async def _end_stream(self) -> None:
        encoder, connection = self._encoder, self._connection
        match self.fault.name:
            case "reset_after":
                await connection.drain()
                connection.reset()
                return
            case "cut_after":
                connection.finish(politely=False)
                await asyncio.get_running_loop().create_future()
            case "stall_after":
                await asyncio.get_running_loop().create_future()
            case "pings_after":
                while True:
                    self._send(encoder.comment("ping"))
                    await asyncio.sleep(self._behaviour.ping_s)
            case "error_after":
                self._send(encoder.data(json.dumps(error_body("server_error", "overloaded", "We are overloaded."))))
            case "fin_after":
                pass
            case _:
                self._send_ending()
        connection.write(LAST_CHUNK)

    def _send_ending(self) -> None:
        encoder = self._encoder
        if self.fault.name != "no_finish":
            self._send(encoder.choice({}, self._finish_reason))
        if self._question.include_usage:
            self._send(encoder.without_choices(usage=self._usage()))
        if self.fault.name != "no_done":
            self._send(encoder.data("[DONE]"))
        if self.fault.name == "after_done":
            self._send(encoder.choice({"content": token_text(self._answer_count, self._behaviour.seed)}))

    def _send(self, *events: bytes) -> None:
        pieces = list(events)
        if size := self._behaviour.split:
            whole = b"".join(events)
            pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
        self._connection.write(b"".join(map(chunk, pieces)))

    def _usage(self) -> dict[str, Any]:
        reasoning = self._behaviour.reasoning
        completion = reasoning + self._answer_count
        return usage_of(prompt=self._question.prompt_words, completion=completion, reasoning=reasoning)


def _text_of(content: object) -> str:
    """A message's text, whether it is a string or a list of parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return content if isinstance(content, str) else ""
