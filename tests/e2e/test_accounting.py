"""What answers took is counted and shown in the real program, by the process that counts."""

from app.domain.tokens import Vocabulary
from app.domain.usage import UsageSource
from app.engine.context_meter import EARLIEST_S
from app.providers.tokenizer import Tokenizer
from tests.e2e.conftest import Play, User
from tests.world import tokenizer


def o200k(text: str) -> int:
    counter: Tokenizer = tokenizer(Vocabulary.O200K)
    return sum(counter.count(text))


def test_a_stopped_answer_is_counted_and_the_receipt_follows(play: Play) -> None:
    """The model's name is that of no family known: the count is within a quarter of OpenAI's."""

    async def scenario(user: User) -> None:
        user.type_and_send("Write a 1000 word essay")
        await user.until(lambda: len(user.text_on_screen(user.answer().id)) > 400, "a piece of an answer")
        answer = user.answer().id
        user.click("stopButton")
        await user.until(lambda: "Stopped" in user.receipt(answer), "the receipt")
        await user.until(lambda: (usage := user.answer().usage) and usage.prompt_tokens, "the count")
        usage = user.answer().usage
        assert usage is not None
        assert usage.source is UsageSource.ESTIMATED
        whole = o200k(user.answer().content)
        assert 0.75 * whole < usage.completion_tokens < 1.35 * whole
        await user.until(lambda: f"≈ {usage.completion_tokens:,} tokens kept" in user.receipt(answer), "it is shown")
        assert usage.cost == 0.0, "it came from this computer"

    play(scenario)


def test_the_context_is_shown_while_one_types(play: Play) -> None:
    async def scenario(user: User) -> None:
        gauge = user.app.workspace.context_gauge
        assert gauge.isHidden(), "nothing is said of nothing"
        user.app.workspace.composer.set_text("a question of some words, not sent yet")
        await user.until(lambda: "tokens" in gauge.text, f"the draft is measured, {EARLIEST_S} s after the start")
        draft = gauge.text
        user.type_and_send(" and more of it")
        await user.until(lambda: gauge.text not in ("", draft), "what was sent is measured")
        assert gauge.text.startswith("≈ ")
        assert gauge.text.endswith("free")
        assert user.app.counter.kept_counts
        user.app.workspace.sidebar.new_requested.emit()
        await user.until(gauge.isHidden, "a new conversation begins with nothing")

    play(scenario, model="rate=3000&count=30")
