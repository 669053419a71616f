"""What is told to a screen reader is cut where a speaker would pause, and never retold otherwise."""

import pytest

from app.ui.transcript.sentences import LONGEST_CHARACTERS, finished_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two", ["One."]),
        ("One. Two. ", ["One."]),
        ("One.\nTwo", ["One."]),
        ("One! Two? Three… Four", ["One!", "Two?", "Three…"]),
        ("“Quoted.” Then", ["“Quoted.”"]),
        ("(Aside.) Then", ["(Aside.)"]),
        ("no end here", []),
        ("A heading\nText", ["A heading"]),
        ("Costs 3.5 or 1,000.25 euros", []),
        ("See app.ui.view for it", []),
        ("Use tools, e.g. Python. Then", ["Use tools, e.g. Python."]),
        ("Dr. Who met Mr. Smith. They", ["Dr. Who met Mr. Smith."]),
        ("J. R. R. Tolkien wrote. He", ["J. R. R. Tolkien wrote."]),
        ("In the U.S. Congress met. It", ["In the U.S. Congress met."]),
        ("See fig. 3 and No. 5. Then", ["See fig. 3 and No. 5."]),
        ("No. That is wrong", ["No."]),
        ("Nimm z. B. Python. Dann", ["Nimm z. B. Python."]),
        ("Wait ... what. Then", ["Wait ... what."]),
        ("etc. and more. Then", ["etc. and more."]),
        ("1. First item", []),
        ("你好。再见！真的吗？还", ["你好。", "再见！", "真的吗？"]),
        ("他说：“你好。”然后", ["他说：“你好。”"]),
        ("「はい。」と言った。次", ["「はい。」", "と言った。"]),
        ("هل هذا صحيح؟ نعم", ["هل هذا صحيح؟"]),
        ("यह एक वाक्य है। दूसरा", ["यह एक वाक्य है।"]),
        ("  spaces   between\twords.  Next", ["spaces between words."]),
    ],
)
def test_a_sentence_is_finished_when_the_next_begins(text: str, sentences: list[str]) -> None:
    found = finished_sentences(text)
    assert found.sentences == sentences
    assert "".join(text[: found.length].split()) == "".join("".join(sentences).split())


def test_a_text_that_is_whole_is_told_to_its_last_word() -> None:
    assert finished_sentences("One. Two e.g.", is_whole=True) == (["One.", "Two e.g."], 13)
    assert finished_sentences("  \n", is_whole=True) == ([], 3)


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Who met e.g. Mr. Smith. They went to the U.S. in No. 5… and so on! Did they? “Yes.” End.",
        "他说：“你好。”再见！「はい。」と言った。次",
        "A heading\n1. First. \n2. Second item\n\nWords",
    ],
)
def test_however_the_text_arrives_the_same_sentences_are_told(text: str) -> None:
    """Nothing that was told is changed by what comes later."""
    told: list[str] = []
    done = 0
    for length in range(len(text) + 1):
        found = finished_sentences(text[done:length])
        told += found.sentences
        done += found.length
    told += finished_sentences(text[done:], is_whole=True).sentences
    assert told == finished_sentences(text, is_whole=True).sentences


def test_a_sentence_without_an_end_is_cut_at_a_word() -> None:
    found = finished_sentences("word " * 150)
    assert len(found.sentences) == 1
    assert set(found.sentences[0].split()) == {"word"}
    assert len(found.sentences[0]) <= LONGEST_CHARACTERS
    assert finished_sentences("x" * 1200).sentences == ["x" * LONGEST_CHARACTERS] * 2
