"""`daeda clean`: leftovers of dead runs go, what a living run works on stays."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import daeda_process as dp


def work_directories(world: Path) -> list[Path]:
    return [path.relative_to(world) for path in sorted(dp.output_root(world).glob("_work/*")) if path.is_dir()]


def failing(world: Path, op: str, number: int) -> dict[str, str]:
    """An environment in which each call of this kind on the output fails."""
    return {
        "LD_PRELOAD": str(dp.FAULTS.with_name("failing_disk.so")),
        "FAILING_DISK_ROOT": str(dp.output_root(world).resolve()),
        "FAILING_DISK_FAULT": f"{op}:*:{number}",
    }


def killed_run(world: Path) -> list[Path]:
    done = dp.train(world, env={"DAEDALUS_FAULT": "stage.rolling_events:1:sigkill"}, program=dp.FAULTS)
    assert done.returncode == -signal.SIGKILL
    return work_directories(world)


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
    process = dp.start_training(world, env={"DAEDALUS_FAULT": "stage.rolling_events:1:sigstop"}, program=dp.FAULTS)
    os.waitpid(process.pid, os.WUNTRACED)
    root = dp.output_root(world)
    work = work_directories(world)
    assert len(work) == 1
    try:
        assert dp.run(world, "clean").stdout == "nothing to remove in data/training_output\n"
        assert work_directories(world) == work
    finally:
        process.send_signal(signal.SIGCONT)
    assert process.wait() == 0
    assert len(dp.published_days(root)) == 3


def test_the_lock_that_a_dead_run_left_where_the_file_system_has_none(world: Path) -> None:
    root = dp.output_root(world)
    dp.trained(world)
    without_locks = failing(world, "lock", errno.ENOLCK)
    killed = dp.train(world, "--force", env=without_locks | {"DAEDALUS_FAULT": "qid_map.locked:1:sigkill"}, program=dp.FAULTS)
    assert killed.returncode == -signal.SIGKILL and (root / "_qid_map.owner").is_symlink()
    assert "would remove data/training_output/_qid_map.owner\n" in dp.run(world, "clean", "--dry-run").stdout
    dp.trained(world)  # nothing to do, and no lock to take
    assert not (root / "_qid_map.owner").is_symlink()


def test_another_output_root_is_not_touched(world: Path) -> None:
    left = killed_run(world)
    assert dp.run(world, "clean", "--set", "runtime.output_root=out").stdout == "nothing to remove in out\n"
    assert all((world / path).exists() for path in left)


def test_what_another_host_may_be_working_on_is_kept_and_named(world: Path) -> None:
    work = dp.output_root(world) / "_work"
    (work / "2026-05-30-7-1").mkdir(parents=True)
    (work / "2026-05-30-7-1.owner").write_text("another-host boot namespace 7 123\n")
    done = dp.run(world, "clean")
    kept = "kept data/training_output/_work/2026-05-30-7-1: process 7 of host another-host made it"
    assert done.returncode == 0 and done.stdout.startswith(kept)
    assert (work / "2026-05-30-7-1").is_dir()


def test_what_cant_be_removed_is_named(world: Path) -> None:
    left = killed_run(world)
    done = dp.run(world, "clean", env=failing(world, "remove", errno.EACCES))
    assert (done.returncode, done.stdout) == (5, "")
    assert f"can't remove {left[0]}: Permission denied" in done.stderr
    assert dp.run(world, "clean").stdout == f"removed {left[0]}\n"
