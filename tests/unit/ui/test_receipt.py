"""What is told of an answer is what came of it and how long it took, and no more than is known."""

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain.abort import AbortReason
from app.domain.billing import AfterDisconnect, BillingFact
from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import StreamBroken
from app.domain.usage import Timing, Usage, UsageSource
from app.ui.receipt import TOOLTIP_COLUMNS, facts_of, receipt_of, status_line

BILLS_ON = BillingFact(
    provider="Acme",
    after_disconnect=AfterDisconnect.GOES_ON,
    sentence="Billing goes on: Acme says so.",
    checked=date(2026, 11, 22),
    source="https://example.org",
)
STOPPED_QUICKLY = Timing(
    headers_ms=210.0, first_token_ms=320.4, last_token_ms=1239.0,
    stop_click_ms=1240.0, socket_closed_ms=1240.31, committed_ms=1252.2,
)  # fmt: skip
ANSWERED = Timing(headers_ms=210.0, first_token_ms=320.0, last_token_ms=1320.0, committed_ms=1330.0)
STOPPED_UNSENT = Timing(stop_click_ms=12.0, committed_ms=20.0)


def tokens(count: int, source: UsageSource = UsageSource.PROVIDER) -> Usage:
    return Usage(completion_tokens=count, source=source)


def stopped(
    content: str = "So far",
    reason: str | None = "user",
    usage: Usage | None = None,
    timing: Timing = STOPPED_QUICKLY,
    *,
    reasoning: str = "",
    status: MessageStatus = MessageStatus.STOPPED,
) -> Message:
    return Message(
        id=MessageId("answer"),
        conversation_id=ConversationId("conversation"),
        parent_id=None,
        role=Role.ASSISTANT,
        content=content,
        reasoning=reasoning,
        status=status,
        stop_reason=reason,
        usage=usage,
        timing=timing,
    )


def line_of(message: Message) -> str:
    receipt = receipt_of(message)
    assert receipt is not None
    return receipt[0]


def tooltip_of(message: Message, billing: BillingFact | None = None) -> list[str]:
    receipt = receipt_of(message, billing)
    assert receipt is not None
    return receipt[1].splitlines()


def closed_after(duration_ms: float) -> Timing:
    return Timing(first_token_ms=1.0, stop_click_ms=0.0, socket_closed_ms=duration_ms)


def test_the_line_says_what_was_kept_and_how_fast_the_connection_closed() -> None:
    assert line_of(stopped(usage=tokens(412))) == "Stopped · 412 tokens kept · connection closed in 0.3 ms"


def complete(usage: Usage | None = None, timing: Timing = ANSWERED) -> Message:
    return stopped(status=MessageStatus.COMPLETE, reason=None, usage=usage, timing=timing)


def test_an_answer_being_written_and_a_question_have_no_receipt() -> None:
    assert receipt_of(stopped(status=MessageStatus.GENERATING, usage=tokens(412)), BILLS_ON) is None
    assert receipt_of(replace(complete(tokens(412)), role=Role.USER)) is None


@pytest.mark.parametrize(
    ("usage", "timing", "line"),
    [
        (tokens(412), ANSWERED, "412 tokens · 320 ms to first token · 411 tokens/s"),
        (tokens(8), ANSWERED, "8 tokens · 320 ms to first token · 7.0 tokens/s"),
        (tokens(412, UsageSource.ESTIMATED), ANSWERED, "≈ 412 tokens · 320 ms to first token · ≈ 411 tokens/s"),
        (tokens(1), ANSWERED, "1 token · 320 ms to first token"),
        (tokens(412), Timing(first_token_ms=320.0, last_token_ms=320.0), "412 tokens · 320 ms to first token"),
        (tokens(412), Timing(), "412 tokens"),
        (None, ANSWERED, "320 ms to first token"),
        (tokens(0), Timing(), ""),
    ],
)
def test_a_whole_answer_tells_what_it_took(usage: Usage | None, timing: Timing, line: str) -> None:
    assert line_of(complete(usage, timing)) == line


def test_a_failed_answer_tells_what_was_kept() -> None:
    assert line_of(stopped(status=MessageStatus.FAILED, usage=tokens(9, UsageSource.ESTIMATED))) == "≈ 9 tokens kept"
    assert line_of(stopped(status=MessageStatus.FAILED, content="")) == ""


def test_what_a_provider_bills_after_a_stop_is_told_of_a_stop_only() -> None:
    assert not any("Billing" in line for line in tooltip_of(complete(tokens(412)), BILLS_ON))
    assert not any("Billing" in line for line in tooltip_of(stopped(status=MessageStatus.FAILED), BILLS_ON))


def test_a_failed_answer_says_title_and_advice() -> None:
    fault = StreamBroken("detail").fault
    failed = replace(stopped(status=MessageStatus.FAILED), fault=fault)
    assert status_line(failed) == f"Failed: {fault.title} — {fault.advice}"
    assert status_line(stopped(status=MessageStatus.FAILED)) == "Failed: The answer failed — Press Retry to ask again."
    assert status_line(complete()) == ""


def test_the_details_name_every_fact() -> None:
    usage = Usage(completion_tokens=412, source=UsageSource.PROVIDER, prompt_tokens=1024)
    message = replace(stopped(usage=usage), model="small-model")
    assert facts_of(message, BILLS_ON) == [
        ("Model", "small-model"),
        ("Status", "Stopped"),
        ("First token", "320 ms after the start"),
        ("Speed", "447 tokens/s"),
        ("Click on Stop", "1.24 s after the start"),
        ("Connection closed", "0.3 ms after the click"),
        ("Saved", "12 ms after the click"),
        ("Tokens", "412, counted by the provider"),
        ("Tokens sent", "1,024"),
        ("Billing", "Billing goes on: Acme says so. Checked 2026-11-22."),
    ]
    assert facts_of(complete(timing=Timing())) == [("Status", "Complete")]


@pytest.mark.parametrize(
    ("usage", "kept"),
    [
        (tokens(1), "1 token kept"),
        (tokens(2), "2 tokens kept"),
        (tokens(12_345), "12,345 tokens kept"),
        (tokens(1, UsageSource.ESTIMATED), "≈ 1 token kept"),
        (tokens(12_345, UsageSource.ESTIMATED), "≈ 12,345 tokens kept"),
        (tokens(412, UsageSource.RECONCILED), "412 tokens kept"),
        (None, "text kept"),
        (tokens(0), "text kept"),  # a provider that counts none for a text it sent
    ],
)
def test_tokens_are_counted_as_exactly_as_they_are_known(usage: Usage | None, kept: str) -> None:
    assert line_of(stopped(usage=usage)) == f"Stopped · {kept} · connection closed in 0.3 ms"


@pytest.mark.parametrize("usage", [None, tokens(0), tokens(0, UsageSource.ESTIMATED)])
def test_an_answer_stopped_before_its_first_word_received_nothing(usage: Usage | None) -> None:
    waiting = Timing(stop_click_ms=40.0, socket_closed_ms=40.2)
    message = stopped(content="", usage=usage, timing=waiting)
    assert line_of(message) == "Stopped · nothing received · connection closed in 0.2 ms"
    assert not any(line.startswith("Tokens") for line in tooltip_of(message))


def test_thoughts_are_something_received() -> None:
    assert "9 tokens kept" in line_of(stopped(content="", reasoning="Hmm", usage=tokens(9)))


def test_an_answer_stopped_before_its_request_left_cost_nothing_and_has_nothing_to_tell() -> None:
    message = stopped(content="", usage=tokens(0, UsageSource.ESTIMATED), timing=STOPPED_UNSENT)
    assert line_of(message) == "Stopped · nothing had been sent"
    assert tooltip_of(message, BILLS_ON) == [
        "Click on Stop: 12 ms after the start",
        "Saved: 8.0 ms after the click",
    ]


@pytest.mark.parametrize(
    "timing", [Timing(headers_ms=5.0, stop_click_ms=9.0), Timing(first_token_ms=5.0, stop_click_ms=9.0)]
)
def test_an_answer_that_had_begun_is_never_said_to_be_unsent(timing: Timing) -> None:
    assert line_of(stopped(usage=tokens(3), timing=timing)) == "Stopped · 3 tokens kept"


@pytest.mark.parametrize(
    ("duration_ms", "shown"),
    [
        (0.004, "< 0.1 ms"),
        (0.049, "< 0.1 ms"),
        (0.05, "0.1 ms"),
        (0.31, "0.3 ms"),
        (9.94, "9.9 ms"),
        (9.96, "10 ms"),
        (12.4, "12 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (1240.0, "1.24 s"),
    ],
)
def test_times_are_rounded_to_what_is_of_use(duration_ms: float, shown: str) -> None:
    line = line_of(stopped(usage=tokens(3), timing=closed_after(duration_ms)))
    assert line == f"Stopped · 3 tokens kept · connection closed in {shown}"


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (AbortReason.USER, "Stopped"),
        (AbortReason.SUPERSEDED, "Stopped: you asked again"),
        (AbortReason.DELETED, "Stopped: it was deleted"),
        (AbortReason.QUIT, "Stopped when Belay was closed"),
        (AbortReason.EXTERNAL, "Stopped by another program"),
        (AbortReason.NETWORK, "Stopped: the connection was lost"),
        ("crash", "Stopped when Belay ended unexpectedly"),
        ("a reason of a later version", "Stopped"),
        (None, "Stopped"),
    ],
)
def test_the_line_says_why(reason: str | None, why: str) -> None:
    assert line_of(stopped(reason=reason)).split(" · ")[0] == why


def test_no_reason_is_forgotten() -> None:
    plain = [reason for reason in AbortReason if line_of(stopped(reason=reason)).split(" · ")[0] == "Stopped"]
    assert plain == [AbortReason.USER]


def test_a_connection_that_was_lost_is_not_praised_for_closing_fast() -> None:
    line = line_of(stopped(reason=AbortReason.NETWORK, usage=tokens(3)))
    assert line == "Stopped: the connection was lost · 3 tokens kept"


def test_a_crash_leaves_a_text_and_no_times() -> None:
    assert receipt_of(stopped(reason="crash", timing=Timing())) == (
        "Stopped when Belay ended unexpectedly · text kept",
        "",
    )
    assert line_of(stopped(content="", reason="crash", timing=Timing())).endswith(" · nothing received")


def test_the_tooltip_tells_the_times_the_count_and_the_billing() -> None:
    assert tooltip_of(stopped(usage=tokens(412)), BILLS_ON) == [
        "First token: 320 ms after the start",
        "Speed: 447 tokens/s",
        "Click on Stop: 1.24 s after the start",
        "Connection closed: 0.3 ms after the click",
        "Saved: 12 ms after the click",
        "Tokens: 412, counted by the provider",
        "Billing goes on: Acme says so. Checked 2026-11-22.",
    ]


def test_a_stop_without_a_click_is_not_called_one() -> None:
    assert tooltip_of(stopped(reason=AbortReason.QUIT)) == [
        "First token: 320 ms after the start",
        "Stopped: 1.24 s after the start",
        "Connection closed: 0.3 ms after that",
        "Saved: 12 ms after that",
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (UsageSource.PROVIDER, "Tokens: 1,412, counted by the provider"),
        (UsageSource.ESTIMATED, "Tokens: ≈ 1,412, estimated here"),
        (UsageSource.RECONCILED, "Tokens: 1,412, asked of the provider afterwards"),
    ],
)
def test_the_tooltip_says_who_counted(source: UsageSource, line: str) -> None:
    assert line in tooltip_of(stopped(usage=tokens(1412, source)))


def test_the_tooltip_has_no_sign_that_qt_takes_for_markup() -> None:
    assert "Connection closed: under 0.1 ms after the click" in tooltip_of(stopped(timing=closed_after(0.02)))


def test_the_tooltip_of_an_answer_not_saved_yet_claims_no_saving() -> None:
    assert not any(line.startswith("Saved") for line in tooltip_of(stopped(timing=closed_after(0.3))))


def test_a_fact_without_a_date_is_told_without_one() -> None:
    free = BillingFact(provider="", after_disconnect=AfterDisconnect.STOPS, sentence="Nothing is billed.")
    assert tooltip_of(stopped(), free)[-1] == "Nothing is billed."


def test_a_long_fact_is_wrapped_because_qt_does_not() -> None:
    fact = BillingFact(provider="", after_disconnect=AfterDisconnect.UNKNOWN, sentence="Not known. " * 20)
    lines = tooltip_of(stopped(), fact)
    assert max(len(line) for line in lines) <= TOOLTIP_COLUMNS
    assert " ".join(lines).count("Not known.") == 20


def test_what_an_answer_cost_stands_at_the_end_of_what_it_took() -> None:
    usage = Usage(completion_tokens=200, prompt_tokens=1000, cost=0.0312, source=UsageSource.PROVIDER)
    message = stopped("Whole", None, usage, ANSWERED, status=MessageStatus.COMPLETE)
    assert line_of(message).endswith(" · $0.031")
    assert ("Cost", "$0.031") in facts_of(message)


def test_an_unknown_cost_is_not_shown_and_a_free_answer_says_so() -> None:
    unknown = Usage(completion_tokens=200, prompt_tokens=1000, source=UsageSource.PROVIDER)
    free = replace(unknown, cost=0.0)
    told = stopped("Whole", None, unknown, ANSWERED, status=MessageStatus.COMPLETE)
    assert "$" not in line_of(told)
    assert "Cost" not in dict(facts_of(told))
    assert dict(facts_of(replace(told, usage=free)))["Cost"] == "free"
    assert "$" not in line_of(replace(told, usage=free))


def test_what_was_read_from_a_cache_and_what_was_thought_is_told() -> None:
    usage = Usage(
        completion_tokens=2000,
        prompt_tokens=10_000,
        cached_tokens=8000,
        reasoning_tokens=1500,
        source=UsageSource.PROVIDER,
    )
    facts = dict(facts_of(stopped("Whole", None, usage, ANSWERED, status=MessageStatus.COMPLETE)))
    assert facts["Tokens sent"] == "10,000, 8,000 of them read from a cache"
    assert facts["Thought"] == "1,500 of them"


def test_an_estimated_cost_is_marked() -> None:
    usage = Usage(completion_tokens=200, prompt_tokens=1000, cost=1.5, source=UsageSource.ESTIMATED)
    facts = dict(facts_of(stopped(usage=usage)))
    assert facts["Cost"] == "≈ $1.50"
    assert facts["Tokens sent"] == "≈ 1,000"
