"""Each letter looks as it did when a person last read it; ``DEBRIEF_GOLDEN=write`` takes the new look as it is."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from letters import LANGUAGES, Letter, render

GOLDEN = Path(__file__).parent / "golden"


def parts_of(letter: Letter) -> dict[str, str]:
    return {
        "txt": f"{letter.subject}\n\n{letter.text}\n",
        "html": letter.html + "\n",
        "json": json.dumps(list(letter.blocks), ensure_ascii=False, indent=1) + "\n",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_looks_as_it_was_read_last(case: Any, language: str) -> None:
    letter = render(case.letter, language, **case.context)
    for ending, got in parts_of(letter).items():
        path = GOLDEN / f"{case.letter}.{case.name}.{language}.{ending}"
        if os.environ.get("DEBRIEF_GOLDEN") == "write":
            path.write_text(got, "utf-8")
        assert path.read_text("utf-8") == got, f"{path.name} differs; `make golden` rewrites it, then read the diff"


def test_no_golden_file_is_left_from_a_case_that_went() -> None:
    cases = {path.stem for path in (Path(__file__).parent / "cases").glob("*.toml")}
    kept = {".".join(path.name.split(".")[:2]) for path in GOLDEN.iterdir()}
    assert cases == kept
