"""Train the model for new names: ``python -m training.train <file>``; the same file to the byte each time."""

import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pycrfsuite

from parsing import literals
from parsing.recognizer import features
from parsing.text import Token
from training.generator import Generator, Said

SEED = 20_260_301
MESSAGES = 8_000
ITERATIONS = 70


def labels(words: Sequence[Token], said: Said) -> list[str]:
    """``B-``, ``I-`` or ``O`` for each token of an invented message."""
    found = []
    for word in words:
        name = next(((start, label) for start, end, label in said.names if start <= word.start < end), None)
        inside = name is not None and any(name[0] <= before.start for before in words if before.start < word.start)
        found.append("O" if name is None else f"{'I' if inside else 'B'}-{name[1]}")
    return found


def train(path: Path, messages: int = MESSAGES, iterations: int = ITERATIONS) -> str:
    """Write the model to ``path`` and return the SHA-256 of the file."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for said in Generator(SEED).messages(messages):
        words = literals.words(said.text)
        if words:
            trainer.append(features(words, said.text, said.language), labels(words, said))
    trainer.select("lbfgs")
    trainer.set_params({"c1": 0.6, "c2": 0.01, "max_iterations": iterations, "feature.minfreq": 4})
    trainer.train(str(path))
    return sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Train, and tell the size and the sum of the file."""
    path = Path(sys.argv[1])
    found = train(path)
    sys.stdout.write(f"{path} {path.stat().st_size} bytes sha256 {found}\n")


if __name__ == "__main__":
    main()
