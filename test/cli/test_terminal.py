"""Results go to stdout and progress to stderr; escapes are for terminals only."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

import daeda_process as dp

DAY = "2026-06-01"
TABLE = re.compile(
    rf"day +rows in .*rows out .*status *\n{DAY} .* published\n\nto compute: {DAY}: missing\n\nwarning: {DAY}: unknown-codes: .*\n\n1 day: 1 published; wrote \d+ rows, .* to data/training_output in .*\n"
)
NO_WARNING = ["--set", "runtime.warnings={missing-partition: ignore}"]  # The feed begins with its first target day.
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(world: Path, *arguments: str, both: bool) -> tuple[int, str, str]:
    """Exit code, stdout and what the terminal shows: stderr, and stdout too if `both`."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [dp.DAEDA, *arguments],
        cwd=world,
        env={**os.environ, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs if both else subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 65536):
            seen += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(ours)
    stdout = process.stdout.read().decode() if process.stdout else ""
    return process.wait(timeout=20), stdout, seen.decode().replace("\r\n", "\n")


def test_without_a_terminal_there_is_no_escape(world: Path) -> None:
    done = dp.trained(world, "--target-date", DAY)
    assert TABLE.fullmatch(done.stdout)
    assert DAY in done.stderr
    assert "\x1b" not in done.stdout + done.stderr and "\r" not in done.stdout + done.stderr
    again = dp.trained(world, "--target-date", DAY)
    assert re.search(rf"^{DAY} .* up to date$", again.stdout, re.M)


def test_a_terminal_on_stderr_shows_a_bar_and_leaves_stdout_clean(world: Path) -> None:
    code, stdout, screen = on_terminal(world, *dp.TRAIN, "--target-date", DAY, both=False)
    assert code == 0
    assert TABLE.fullmatch(stdout)
    assert "%" in screen and "\r" in screen and DAY in screen


def test_the_table_follows_the_bar_on_lines_of_its_own(world: Path) -> None:
    code, _, screen = on_terminal(world, *dp.TRAIN, "--target-date", DAY, both=True)
    assert code == 0
    table = TABLE.search(screen)
    assert table and table.end() == len(screen)
    assert not ESCAPE.search(table[0])
    assert screen[table.start() - 1] == "\n"
    assert "%" in screen[: table.start()]
    # Whatever hides the cursor has to show it again.
    assert screen.rfind("\x1b[?25l") <= screen.rfind("\x1b[?25h")


@pytest.mark.parametrize("command", [["status"], ["catalog", "list"], ["catalog", "days"], ["config", "show"], ["check"]], ids=" ".join)
def test_other_commands_print_results_to_stdout_alone(untouched_world: Path, command: list[str]) -> None:
    done = dp.run(untouched_world, *command, *(NO_WARNING if command == ["check"] else []))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
