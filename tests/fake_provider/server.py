"""Routes requests to their exchanges, and says what happens."""

import asyncio
import socket
import traceback
from collections import Counter
from dataclasses import dataclass, replace

from tests.fake_provider.behaviour import PRESETS, Behaviour, UnknownBehaviour, behaviour_of
from tests.fake_provider.exchange import Exchange, Question
from tests.fake_provider.faults import INSTEAD, Fault, error_body, error_reply, reply_instead
from tests.fake_provider.http import Request, json_reply
from tests.fake_provider.report import say, without_secrets
from tests.fake_provider.tls_layer import TlsLayer, server_context
from tests.fake_provider.wire import Connection


@dataclass(frozen=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 0
    default: str | None = None
    models_fault: str = ""
    certificate: str = ""  # empty: no TLS
    tls_stall: bool = False
    tarpit: bool = False
    full_backlog: bool = False
    hang_up: bool = False


class Server:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.hits: Counter[str] = Counter()  # requests by Behaviour.key
        self.requests = 0
        self._tls = server_context(options.certificate) if options.certificate else None
        self._connections = 0

    async def run(self) -> None:
        """Until cancelled."""
        if self.options.full_backlog:
            await self._refuse_to_accept()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, self.options.host, self.options.port, backlog=512)
        say("ready", port=server.sockets[0].getsockname()[1])
        await server.serve_forever()

    def _connection(self) -> Connection:
        self._connections += 1
        tls = TlsLayer(self._tls) if self._tls else None
        return Session(self, self._connections, tls).connection

    async def _refuse_to_accept(self) -> None:
        # A backlog that is full: the kernel drops every further SYN, and a client goes on connecting.
        with socket.create_server((self.options.host, self.options.port), backlog=0) as listener:
            address = listener.getsockname()
            fillers = [socket.socket(listener.family) for _ in range(3)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(address)
            say("ready", port=address[1])
            await asyncio.get_running_loop().create_future()


class Session:
    """What one connection is used for: any number of requests, one after the other."""

    def __init__(self, server: Server, number: int, tls: TlsLayer | None) -> None:
        self._server = server
        self._exchange: Exchange | None = None
        self.connection = Connection(
            number,
            serve=self._serve,
            closed_by_peer=self._on_closed_by_peer,
            tls=tls,
            stall_tls=server.options.tls_stall,
            tarpit=server.options.tarpit,
        )

    async def _serve(self) -> None:
        try:
            while not self.connection.ended:
                request = await self.connection.read_request()
                await self._answer(request)
                if self._server.options.hang_up:
                    self.connection.finish()
                    return
                if request.wants_close:
                    self.connection.finish()
            self.connection.abort()  # half open until here, where the behaviour ignores a disconnect
        except Exception:  # noqa: BLE001 - whatever it is, the test must hear of it
            say("error", connection=self.connection.number, message=traceback.format_exc())
            self.connection.reset()

    async def _answer(self, request: Request) -> None:
        self._server.requests += 1
        question = Question.of(request)
        say(
            "request",
            connection=self.connection.number,
            request=self._server.requests,
            method=request.method,
            path=request.path,
            target=request.target,
            headers=without_secrets(request.headers),
            body_bytes=len(request.body),
            model=question.model,
            messages=question.messages,
            last_user_message_chars=question.last_user_message_chars,
            stream=question.stream,
        )
        match request.method, request.path.rpartition("/v1")[2] or request.path:
            case "POST", "/chat/completions":
                await self._complete(request, question)
            case "GET", "/models":
                self.connection.write(await self._models(request))
            case _:
                self.connection.write(error_reply(404, f"No such address: {request.method} {request.path}"))

    async def _complete(self, request: Request, question: Question) -> None:
        try:
            behaviour = behaviour_of(question.model, self._server.options.default)
        except UnknownBehaviour as error:
            say("error", connection=self.connection.number, message=str(error))
            self.connection.write(error_reply(400, str(error)))
            return
        if behaviour is None:
            message = f"The model `{question.model}` does not exist or you do not have access to it."
            body = error_body("invalid_request_error", "model_not_found", message)
            self.connection.write(json_reply(404, body))
            return
        behaviour = self._with_fault_while_due(behaviour, question.model)
        exchange = Exchange(self._server.requests, self.connection, request, question, behaviour)
        self._exchange = exchange
        await exchange.answer()
        self._exchange = None
        t_ns = exchange.ended_ns
        say("finished", t_ns=t_ns, connection=self.connection.number, **exchange.progress(t_ns))

    def _with_fault_while_due(self, behaviour: Behaviour, model: str) -> Behaviour:
        key = behaviour.key or model
        self._server.hits[key] += 1
        if behaviour.times and self._server.hits[key] > behaviour.times:
            return replace(behaviour, fault="")
        return behaviour

    async def _models(self, request: Request) -> bytes:
        fault = Fault.parse(self._server.options.models_fault)
        if fault.name in INSTEAD:
            return await reply_instead(fault, request, retry_after="", size_bytes=Behaviour().size_bytes)
        fixed = {"object": "model", "created": 1_700_000_000, "owned_by": "belay-tests"}
        return json_reply(200, {"object": "list", "data": [{"id": name, **fixed} for name in PRESETS]})

    def _on_closed_by_peer(self, t_ns: int, how: str) -> bool:
        nothing = {"request": None, "phase": self.connection.phase, "tokens_generated": 0, "tokens_sent": 0}
        progress = nothing if self._exchange is None else self._exchange.progress(t_ns)
        say("close_seen", t_ns=t_ns, connection=self.connection.number, how=how, **progress)
        return self._exchange is not None and self._exchange.fault.name == "ignore_disconnect"
