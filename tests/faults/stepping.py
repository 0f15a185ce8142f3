"""The clock of a process, stepped while it runs: `stepping.c`, compiled where there is a compiler."""

import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("stepping.c")


def compiler() -> str | None:
    """A C compiler, if there is one here."""
    return shutil.which("cc") or shutil.which("gcc")


@dataclass(frozen=True)
class SteppedClock:
    """A clock for processes that are started `within` it."""

    shim: Path
    file: Path

    @classmethod
    def made_in(cls, folder: Path) -> "SteppedClock":
        """Compile it; its clock is right until it is stepped."""
        command = compiler()
        assert command is not None, "there is no C compiler here"
        made = cls(folder / "stepping.so", folder / "step")
        made.step(0)
        subprocess.run([command, "-shared", "-fPIC", "-O1", "-o", made.shim, SOURCE], check=True)
        return made

    @property
    def within(self) -> list[str]:
        """What a command is put behind so as to live by this clock."""
        return ["env", f"LD_PRELOAD={self.shim}", f"DEBRIEF_STEP_FILE={self.file}"]

    def step(self, seconds: int) -> None:
        """Have the clock be off by so much from now on, in every process at once."""
        file = os.open(self.file, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(file, struct.pack("=q", seconds), 0)
        finally:
            os.close(file)
