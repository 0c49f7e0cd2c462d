"""`daeda clean`: leftovers of dead runs go, what a living run works on stays."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from subprocess import Popen

import daeda_process as dp


def wait_for_work(process: Popen[bytes], root: Path) -> list[Path]:
    """The work directories of a run that has begun a sweep."""
    while process.poll() is None:
        if found := sorted(path for path in root.glob("_work/*") if path.is_dir()):
            return found
        time.sleep(0.002)
    raise AssertionError("the run ended before its work was seen")


def killed_run(world: Path) -> list[Path]:
    process = dp.start_training(world)
    wait_for_work(process, dp.output_root(world))
    process.send_signal(signal.SIGKILL)
    process.wait()
    return [path.relative_to(world) for path in sorted(dp.output_root(world).glob("_work/*")) if path.is_dir()]


def test_without_leftovers_it_says_so(world: Path) -> None:
    nothing = "nothing to remove in data/training_output\n"
    done = dp.run(world, "clean")
    assert (done.returncode, done.stdout, done.stderr) == (0, nothing, "")
    assert not dp.output_root(world).exists()
    dp.trained(world)
    before = {path: path.read_bytes() for path in dp.output_root(world).rglob("*") if path.is_file()}
    assert dp.run(world, "clean").stdout == nothing
    assert {path: path.read_bytes() for path in dp.output_root(world).rglob("*") if path.is_file()} == before


def test_what_a_killed_run_left(world: Path) -> None:
    left = killed_run(world)
    assert left
    temporary = Path("data/training_output/_qid_map.tmp-1-1")
    (world / temporary).write_text("half a map")
    paths = [*left, temporary]

    dry = dp.run(world, "clean", "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, "".join(f"would remove {path}\n" for path in paths))
    assert all((world / path).exists() for path in paths)

    done = dp.run(world, "clean")
    assert (done.returncode, done.stdout) == (0, "".join(f"removed {path}\n" for path in paths))
    assert not (dp.output_root(world) / "_work").exists() and not (world / temporary).exists()
    assert dp.run(world, "clean").stdout.startswith("nothing to remove")


def test_what_a_living_run_works_on_stays(world: Path) -> None:
    process = dp.start_training(world)
    root = dp.output_root(world)
    work = wait_for_work(process, root)
    process.send_signal(signal.SIGSTOP)
    try:
        assert dp.run(world, "clean").stdout == "nothing to remove in data/training_output\n"
        assert all(path.is_dir() for path in work)
    finally:
        process.send_signal(signal.SIGCONT)
    assert process.wait() == 0
    assert len(dp.published_days(root)) == 3


def test_another_output_root_is_not_touched(world: Path) -> None:
    left = killed_run(world)
    assert dp.run(world, "clean", "--set", "runtime.output_root=out").stdout == "nothing to remove in out\n"
    assert all((world / path).exists() for path in left)
