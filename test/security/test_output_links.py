"""Links below output_root: none is written through, and nothing behind one is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

import daeda_process as dp


@pytest.fixture
def root(world: Path) -> Path:
    dp.output_root(world).mkdir(parents=True)
    return dp.output_root(world)


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("_work", dp.TRAIN),
        ("_work", ["clean"]),
        ("_qid_map.lock", dp.TRAIN),
        ("qid_map.parquet", dp.TRAIN),
        ("_last_run.json", ["status"]),
        ("_last_run.json", ["retry"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_link_is_refused_and_left(world: Path, root: Path, outside: Path, name: str, command: list[str]):
    if name == "_work":
        (outside / "dead-1-2.owner").write_text("")  # what a run takes for the leftover of a dead one
        (outside / "dead-1-2").mkdir()
        (outside / "dead-1-2/precious").write_text("precious")
    target = outside if name == "_work" else outside / "not-there-yet"
    before = contents(outside)
    (root / name).symlink_to(target)
    done = dp.run(world, *command)
    assert done.returncode == 5, done.stdout + done.stderr
    assert f"data/training_output/{name} is a symbolic link" in done.stdout + done.stderr
    assert dp.published_days(root) == []
    assert contents(outside) == before
    assert (root / name).is_symlink()


def test_what_a_run_keeps_of_itself_goes_through_no_link(world: Path, root: Path, outside: Path):
    (outside / "precious").write_text("precious")
    (root / "_last_run.json").symlink_to(outside / "precious")
    done = dp.trained(world)
    assert "warning" in done.stderr and "_last_run.json is a symbolic link" in done.stderr
    assert contents(outside) == {"precious": b"precious"}


def test_a_published_day_that_is_a_link_is_replaced_and_its_target_left(world: Path, root: Path, outside: Path):
    dp.trained(world)
    day = root / "dt=2026-05-17"
    day.rename(outside / day.name)
    day.symlink_to(outside / day.name)
    before = contents(outside)
    dp.trained(world, "--force")
    assert not day.is_symlink() and (day / "_manifest.json").exists()
    assert contents(outside) == before


def test_output_root_itself_may_be_a_link(world: Path, outside: Path):
    dp.output_root(world).symlink_to(outside)
    dp.trained(world)
    assert dp.published_days(outside) == ["2026-05-16", "2026-05-17"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--target-date", "2026-05-17/../../../outside"],
        ["--target-date", "../outside"],
        ["--from", "2026-05-16", "--to", "/2026-05-17"],
    ],
    ids=" ".join,
)
def test_no_day_is_a_path(world: Path, outside: Path, arguments: list[str]):
    assert dp.train(world, *arguments).returncode == 2
    assert dp.run(world, "pipeline", "train", "../outside", "--skeleton-only").returncode == 2
    assert contents(outside) == {} and not dp.output_root(world).exists()
