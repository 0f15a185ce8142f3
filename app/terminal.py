"""What every command of the terminal shares: the house of the settings, and faults told as a line."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from app.refusals import Refused, reason
from app.settings import Settings

if TYPE_CHECKING:  # what takes a second to import is imported where it is used: --help and Ctrl-C answer before
    from app.wiring import House

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)


@contextmanager
def house(*, migrated: bool = True) -> Iterator["House"]:
    """The house of the environment's settings; closed at the end, with every expected fault as one line."""
    with told():
        current = settings()
        from app.wiring import build  # noqa: PLC0415

        built = build(current)
        try:
            if migrated and not built.is_set_up():
                raise Refused(f"{built.db.place} is not set up for this release: run `debrief migrate`")
            yield built
        except SQLAlchemyError as error:
            raise Refused(f"{built.db.place}: {reason(error)}", status=1) from error
        finally:
            built.close()


@contextmanager
def told() -> Iterator[None]:
    """What an operator can mend is a line on stderr and an exit status."""
    try:
        yield
    except Refused as error:
        for line in str(error).splitlines():
            err.print(f"debrief: {line}", markup=False, highlight=False)
        raise typer.Exit(error.status) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        err.print(f"debrief: {place}{error.strerror or error}", markup=False, highlight=False)
        raise typer.Exit(1) from error


def settings() -> Settings:
    """The settings of the environment; raises `Refused` with a line for each that cannot be."""
    try:
        return Settings()
    except ValidationError as error:
        faults = (("__".join(str(part) for part in fault["loc"]).upper(), fault["msg"]) for fault in error.errors())
        told = [f"DEBRIEF_{name}: {text.removeprefix('Value error, ')}" for name, text in faults]
        raise Refused("\n".join(told)) from error
    except (SettingsError, UnicodeDecodeError) as error:
        raise Refused(f"settings: {error}") from error


def write_json(line: dict[str, Any]) -> None:
    """One JSON line on stdout."""
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
