"""How well new names are found by rules, by the model and by both: ``python -m training.score [choose|report]``.

The sentences are ``tests/parsing/names/*.toml``. A name is found where its words are, titles and legal forms aside.
"""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from parsing import companies, literals, names
from parsing.casing import with_capitals
from parsing.companies import Company, company_by_rules, find_company
from parsing.inflection import bases
from parsing.names import Person, find_persons, persons_by_rules
from parsing.people import sex_of_title
from parsing.recognizer import recognizer
from parsing.roles import find_roles
from parsing.text import Token
from parsing.vocabulary import legal_forms

SENTENCES = Path(__file__).parent.parent / "tests" / "parsing" / "names"
_MARK = re.compile(r"\[(?P<label>[por]):(?P<name>[^\]]+)\]")
_LABELS = {"p": "PER", "o": "ORG", "r": "RIV"}
Named = tuple[str, int, int]
"""Label, first and last token."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its marks, and the names that were marked, by their places in the text."""

    text: str
    language: str
    names: tuple[tuple[str, int, int], ...]

    @property
    def words(self) -> list[Token]:
        """The words as the finders see them."""
        return list(with_capitals(literals.words(self.text), self.text, self.language, frozenset()))


def read_sentences(part: str) -> Iterator[Sentence]:
    """The sentences of a part: ``choose`` or ``report``."""
    for path in sorted(SENTENCES.glob("*.toml")):
        for marked in tomllib.loads(path.read_text("utf-8"))[part]:
            text, marks, behind = "", [], 0
            for mark in _MARK.finditer(marked):
                text += marked[behind : mark.start()]
                marks.append((_LABELS[mark["label"]], len(text), len(text) + len(mark["name"])))
                text += mark["name"]
                behind = mark.end()
            yield Sentence(text + marked[behind:], path.stem, tuple(marks))


def rules(sentence: Sentence) -> set[Named]:
    """What the rules find."""
    words, text, language = sentence.words, sentence.text, sentence.language
    persons = persons_by_rules(words, text, language, frozenset(), find_roles(words, text, language))
    company = company_by_rules(words, text, language, frozenset(), [(one.first, one.last) for one in persons])
    return _together(persons, company)


def both(sentence: Sentence) -> set[Named]:
    """What the product finds: the rules, and the model where they are silent."""
    words, text, language = sentence.words, sentence.text, sentence.language
    persons = find_persons(words, text, language, frozenset(), find_roles(words, text, language))
    company = find_company(words, text, language, frozenset(), [(one.first, one.last) for one in persons])
    return _together(persons, company)


def _together(persons: list[Person], company: Company | None) -> set[Named]:
    found = {("PER", one.first, one.last) for one in persons}
    if company is not None:
        inside = range(company.first, company.last + 1)
        found = {one for one in found if one[1] not in inside and one[2] not in inside}
        found.add(("ORG", company.first, company.last))
    return found


def model(sentence: Sentence) -> set[Named]:
    """What the model finds by itself."""
    seen = recognizer().guesses(sentence.words, sentence.text, sentence.language)
    return {(one.label, one.first, one.last) for one in seen if one.label != "LOC"}


def core(sentence: Sentence, named: Named) -> tuple[str, tuple[str, ...], int]:
    """The words of a name that count, with the place of its last one."""
    label, first, last = named
    keys = [(word.key, at) for at, word in enumerate(sentence.words[first : last + 1], first)]
    kept = [(key, at) for key, at in keys if not sex_of_title(key) and key not in legal_forms()] or keys
    shown = tuple(min((key, *bases(key, sentence.language)), key=len) for key, _ in kept)
    return label, shown, kept[-1][1]


def wanted(sentence: Sentence) -> set[Named]:
    """The names that were marked, by tokens."""
    found = set()
    for label, start, end in sentence.names:
        inside = [at for at, word in enumerate(sentence.words) if start <= word.start < end]
        found.add((label, inside[0], inside[-1]))
    return found


def tally(counts: Counter[str], sentence: Sentence, found: set[Named], label: str) -> None:
    """Add a sentence's right, wrong and missed names of a label to ``counts``."""
    want = {core(sentence, one) for one in wanted(sentence) if one[0] == label}
    got = {core(sentence, one) for one in found if one[0] == label}
    counts["right"] += len(want & got)
    counts["wrong"] += len(got - want)
    counts["missed"] += len(want - got)


def line(name: str, counts: Counter[str]) -> str:
    """One line of the table: precision, recall, F1."""
    right = counts["right"]
    precision = right / max(1, right + counts["wrong"])
    recall = right / max(1, right + counts["missed"])
    both_ways = 2 * right / max(1, 2 * right + counts["wrong"] + counts["missed"])
    told = f"{right} right {counts['wrong']} wrong {counts['missed']} missed"
    return f"{name:28} {precision:6.2f} {recall:6.2f} {both_ways:6.2f}   {told}\n"


def main() -> None:
    """Print the table of a part; with ``choose`` also of each threshold."""
    part = sys.argv[1] if len(sys.argv) > 1 else "report"
    sentences = list(read_sentences(part))
    sys.stdout.write(f"{part}: {len(sentences)} sentences         P      R     F1\n")
    for label in ("PER", "ORG"):
        _table(label, "rules", sentences, rules)
        _table(label, "model", sentences, model)
        if part == "choose":
            for least in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
                names.MODEL_SURE = companies.MODEL_SURE = least
                _table(label, f"both at {least}", sentences, both)
        else:
            _table(label, "both", sentences, both)


def _table(label: str, name: str, sentences: list[Sentence], found_by: Callable[[Sentence], set[Named]]) -> None:
    counts: Counter[str] = Counter()
    for sentence in sentences:
        tally(counts, sentence, found_by(sentence), label)
    sys.stdout.write(line(f"{label} {name}", counts))


if __name__ == "__main__":
    main()
