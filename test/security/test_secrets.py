"""A secret, however it is given, is neither printed nor written: a canary is looked for in every byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import daeda_process as dp

CANARY = "canary7d1f"
ENVIRONMENT = {
    "AWS_SECRET_ACCESS_KEY": CANARY,
    "HTTP_PROXY_PASSWORD": CANARY,
    "GITHUB_TOKEN": CANARY,
    "HTTPS_PROXY": f"http://user:{CANARY}@localhost:1",
}
COMMANDS = [
    ["check"],
    ["config", "show"],
    dp.TRAIN,
    ["status", "--json"],
    ["retry"],
    ["catalog", "list"],
    ["catalog", "coverage"],
    ["clean"],
]


def assert_hidden(world: Path, done: subprocess.CompletedProcess[str], given: Path | None = None) -> None:
    assert CANARY not in done.stdout + done.stderr
    for path in world.rglob("*"):
        assert CANARY not in path.name
        assert path == given or not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_the_environment_is_not_shown(world: Path):
    for command in COMMANDS:
        done = dp.run(world, *command, env=ENVIRONMENT)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert_hidden(world, done)


SETTINGS = [
    f"compute.duckdb_config.http_proxy_password={CANARY}",
    f"compute.duckdb_config.s3_secret_access_key='{CANARY}'",
    f"compute.duckdb_config.password={{a: {CANARY}}}",
    f"compute.duckdb_config.custom_user_agent={CANARY}",
    f"output_root=s3://user:{CANARY}@bucket/out",
    f"feed.source.path=https://user:{CANARY}@host/x.parquet",
    f"compute.duckdb_config.temp_directory=s3://user:{CANARY}@bucket/tmp",
    "output_root=out/${AWS_SECRET_ACCESS_KEY}",
    "feed.source.path=data/${GITHUB_TOKEN}/*.parquet",
    "views.user_profile.source.path=${HOME}/${GITHUB_TOKEN}/*.parquet",
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_secret_in_an_override_is_refused_and_not_repeated(world: Path, setting: str):
    done = dp.train(world, "--set", setting, env=ENVIRONMENT)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "--set" in done.stderr
    assert_hidden(world, done)


def test_a_secret_in_a_file_is_refused_and_not_repeated(world: Path):
    runtime = world / "config/training/runtime.yaml"
    text = runtime.read_text()
    line = "  duckdb_config:"
    assert line in text
    runtime.write_text(text.replace(line, f"{line}\n    http_proxy_password: {CANARY}", 1))
    done = dp.train(world)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "http_proxy_password" in done.stderr and "runtime.yaml:" in done.stderr
    assert_hidden(world, done, given=runtime)
