"""Tokens are counted as the models' makers count them: exactly for OpenAI's, within a tenth for the others."""

import json
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.tokens import NO_TOKENS, TextClass, Vocabulary
from app.providers.token_families import OTHER, family_of
from app.providers.tokenizer import SLICE_CHARACTERS, Tokenizer

RESOURCES = Path(__file__).parents[3] / "resources" / "tokenizers"
FOLDER = Path(__file__).parent / "tokens"
IDS = json.loads((FOLDER / "ids.json").read_text(encoding="utf-8"))
COUNTS = json.loads((FOLDER / "counts.json").read_text(encoding="utf-8"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}
TOLERANCE = 0.10
WORST_TEXT_S = 5.0  # 0.4 s; a tokenizer whose time grows with the square takes minutes


@pytest.fixture(scope="module")
def tokenizers() -> dict[Vocabulary, Tokenizer]:
    return {vocabulary: Tokenizer(vocabulary, RESOURCES) for vocabulary in Vocabulary}


@pytest.mark.parametrize("vocabulary", Vocabulary)
def test_ids_are_those_of_another_implementation(
    vocabulary: Vocabulary, tokenizers: dict[Vocabulary, Tokenizer]
) -> None:
    """Also of every kind of odd text, and of special tokens that somebody writes."""
    for text, ids in IDS[vocabulary]:
        whole = TEXTS[text[1:].removesuffix(".txt")] if text.startswith("@") else text
        assert tokenizers[vocabulary].encode(whole) == ids
        assert sum(tokenizers[vocabulary].count(whole)) == len(ids)


@pytest.mark.parametrize("vocabulary", Vocabulary)
def test_a_long_text_is_cut_where_its_tokens_end(
    vocabulary: Vocabulary, tokenizers: dict[Vocabulary, Tokenizer]
) -> None:
    """In slices or whole: the number is the same, wherever the cut falls."""
    tokenizer = tokenizers[vocabulary]
    pieces = [*TEXTS.values(), "  ", "\n\n", "don't ", "12345 ", "',\n        'name", "…", "\t", "(a)(b) ", "e\u0301"]
    generator = random.Random(5)
    for _ in range(6):
        text = "".join(generator.choice(pieces)[: generator.randint(1, 400)] for _ in range(400))
        assert len(text) > 2 * SLICE_CHARACTERS or len(text) > SLICE_CHARACTERS
        assert sum(tokenizer.count(text)) == len(tokenizer.encode(text))


@pytest.mark.parametrize("model", COUNTS)
@pytest.mark.parametrize("kind", TEXTS)
def test_an_estimate_is_within_a_tenth_of_the_reference(
    model: str, kind: str, tokenizers: dict[Vocabulary, Tokenizer]
) -> None:
    """The texts were not among those that the factors were fitted on."""
    reference = COUNTS[model]["tokens"][kind]
    family = family_of(model)
    count = family.tokens(tokenizers[family.vocabulary].count(TEXTS[kind]))
    assert count.tokens == pytest.approx(reference, rel=TOLERANCE)
    assert not count.is_exact


def test_what_is_counted_in_its_own_vocabulary_is_exact(tokenizers: dict[Vocabulary, Tokenizer]) -> None:
    counts = tokenizers[Vocabulary.O200K].count("hello world")
    assert family_of("gpt-4o").tokens(counts).is_exact
    assert family_of("gpt-4o").tokens(counts).tokens == 2
    assert family_of("some-model").tokens(NO_TOKENS).tokens == 0


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, " " * 1_000_000, "=" * 1_000_000, "1" * 1_000_000, "中文字符" * 250_000, "😀" * 250_000],
    ids=["letters", "spaces", "marks", "digits", "ideographs", "emoji"],
)
def test_the_worst_megabyte_takes_no_more_than_moments(text: str, tokenizers: dict[Vocabulary, Tokenizer]) -> None:
    began_s = time.perf_counter()
    assert sum(tokenizers[Vocabulary.O200K].count(text)) > 0
    assert time.perf_counter() - began_s < WORST_TEXT_S


def test_half_an_emoji_is_counted_too(tokenizers: dict[Vocabulary, Tokenizer]) -> None:
    """A stopped stream can leave half of a surrogate pair."""
    assert sum(tokenizers[Vocabulary.O200K].count("so far \ud83d")) >= 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("   \n", TextClass.SPACES),
        ("123456", TextClass.DIGITS),
        (" été", TextClass.ACCENTED),
        (" the", TextClass.SHORT_WORDS),
        (" river", TextClass.WORDS),
        (" mountains", TextClass.LONG_WORDS),
        ("int", TextClass.SHORT_PARTS),
        ("return", TextClass.PARTS),
        ("function", TextClass.LONG_PARTS),
        (");", TextClass.MARKS),
        ("Привет", TextClass.ALPHABETS),
        ("😀", TextClass.SYMBOLS),
        ("です", TextClass.KANA),
        ("한국", TextClass.OTHER_SCRIPTS),
        ("中国", TextClass.IDEOGRAPHS),
    ],
)
def test_a_token_is_of_the_class_of_its_first_character(
    text: str, found: TextClass, tokenizers: dict[Vocabulary, Tokenizer]
) -> None:
    counts = tokenizers[Vocabulary.O200K].count(text)
    assert counts[found] == sum(counts) > 0


def test_every_class_has_its_factor() -> None:
    assert OTHER.factors is not None
    assert len(OTHER.factors) == len(NO_TOKENS) == len(TextClass)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-4o", "OpenAI"),
        ("openai/gpt-oss-120b", "OpenAI"),
        ("o3-mini", "OpenAI"),
        ("gpt-5.2-codex", "OpenAI"),
        ("gpt-4.1", "OpenAI"),
        ("ft:gpt-4o-mini:org::x", "OpenAI"),
        ("gpt-4-0613", "OpenAI before GPT-4o"),
        ("gpt-4", "OpenAI before GPT-4o"),
        ("gpt-35-turbo", "OpenAI before GPT-4o"),
        ("claude-3-5-sonnet-20241022", "Claude"),
        ("claude-sonnet-4-20250514", "Claude"),
        ("anthropic/claude-opus-4-1-20250805", "Claude"),
        ("claude-opus-4-7", "Claude from Opus 4.7 on"),
        ("claude-sonnet-5", "Claude from Opus 4.7 on"),
        ("models/gemini-2.5-pro", "Gemini and Gemma"),
        ("gemma3:4b", "Gemini and Gemma"),
        ("accounts/fireworks/models/llama-v3p1-70b-instruct", "Llama 3"),
        ("deepseek-r1-distill-llama-70b", "Llama 3"),
        ("deepseek-reasoner", "DeepSeek"),
        ("Qwen/Qwen3-32B", "Qwen"),
        ("qwen3.5-plus", "Qwen from 3.5 on"),
        ("mixtral-8x7b", "Mistral"),
        ("grok-4", "other"),
    ],
)
def test_a_model_is_known_by_its_name(model: str, family: str) -> None:
    assert family_of(model).name == family


def test_the_first_family_that_fits_is_no_accident() -> None:
    """Two names in one: the vocabulary is that of the model it was made from."""
    assert family_of("deepseek-r1-distill-qwen-32b").name == "Qwen"


def test_a_damaged_vocabulary_is_refused(tmp_path: Path) -> None:
    data = bytearray((RESOURCES / "cl100k_base.xz").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "cl100k_base.xz").write_bytes(data)
    with pytest.raises(Exception, match=r"Corrupt|corrupt|data"):
        Tokenizer(Vocabulary.CL100K, tmp_path)


def test_slices_follow_each_other() -> None:
    """The classes of words stand in a row: the tokenizer counts on it."""
    words = [TextClass.SHORT_WORDS, TextClass.WORDS, TextClass.LONG_WORDS]
    parts = [TextClass.SHORT_PARTS, TextClass.PARTS, TextClass.LONG_PARTS]
    assert all(second == first + 1 for row in (words, parts) for first, second in pairwise(row))
