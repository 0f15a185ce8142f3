"""The model for new names: the same from the same messages, quick, and of use beside the rules."""

import time
from collections import Counter
from pathlib import Path

import pytest

from parsing import literals
from parsing.names import find_persons
from parsing.recognizer import Recognizer, guesses, recognizer, spans
from training.generator import Generator
from training.score import both, read_sentences, rules, tally
from training.train import labels, train

REPORT = "ging langs bij slijterij van buren in ede, coen verstappen wil een nieuwe toonbank en belt vrijdag terug. "


def test_the_same_messages_make_the_same_model(tmp_path: Path) -> None:
    sums = {train(tmp_path / name, messages=60, iterations=8) for name in ("one", "two")}

    assert 1 == len(sums)


def test_a_message_is_the_same_each_time_and_marks_its_names() -> None:
    first, second = Generator(7).messages(80), Generator(7).messages(80)

    assert first == second
    assert {"PER", "ORG", "LOC", "RIV"} == {label for said in first for _, _, label in said.names}
    assert all(said.text[start:end].strip() for said in first for start, end, _ in said.names)


def test_labels_begin_a_name_once() -> None:
    for said in Generator(8).messages(40):
        words = literals.words(said.text)
        marked = labels(words, said)
        assert len(spans(marked)) == len([mark for mark in marked if mark.startswith("B")])


def test_the_model_that_is_shipped_is_small_and_read_quickly() -> None:
    source = Path(__file__).parents[2] / "parsing" / "words" / "names_model.crfsuite"
    model = source.read_bytes()
    began = time.thread_time()
    Recognizer(model)

    assert len(model) < 1_500_000
    assert time.thread_time() - began < 0.25  # 50 ms and less on an idle machine


def test_a_message_is_read_in_a_few_milliseconds() -> None:
    words = literals.words(REPORT * 2)
    recognizer().guesses(words, REPORT * 2, "nl")
    began = time.thread_time()
    for _ in range(20):
        recognizer().guesses(words, REPORT * 2, "nl")

    assert (time.thread_time() - began) / 20 < 0.008  # 1.5 ms on an idle machine


@pytest.mark.parametrize("text", ["", "   ", "???", "a" * 5000, "x " * 3000, "\u202e\u0301 🙂"])
def test_any_text_is_read(text: str) -> None:
    assert isinstance(guesses(literals.words(text), text, "fi"), tuple)


def test_no_person_is_found_where_something_else_was() -> None:
    words = literals.words(REPORT)
    every = frozenset(range(len(words)))

    assert [] == find_persons(words, REPORT, "nl", every, [])


@pytest.mark.parametrize("label", ["PER", "ORG"])
def test_the_model_finds_more_than_the_rules_and_is_seldom_wrong(label: str) -> None:
    alone: Counter[str] = Counter()
    together: Counter[str] = Counter()
    for sentence in read_sentences("report"):
        tally(alone, sentence, rules(sentence), label)
        tally(together, sentence, both(sentence), label)

    assert together["right"] >= alone["right"]
    assert together["wrong"] <= alone["wrong"] + 3
