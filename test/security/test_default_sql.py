"""`default_sql` of a hostile configuration: refused before anything runs, with file, line and column. What may stand in
it is tested in src/plan/constant_expression_test.cc."""

from __future__ import annotations

from pathlib import Path

import yaml

import daeda_process as dp

HOSTILE = [
    "(SELECT count(*) FROM read_text('{secret}'))",
    "1; COPY (SELECT 1) TO '{target}'",
    "1) FROM (SELECT 1) --",
    "getenv('HOME')",
    "current_setting('allowed_directories')",
    "localtimestamp",
    "query('SELECT 1')",
]


def test_each_is_refused_where_it_is_written(world: Path, outside: Path):
    (outside / "secret").write_text("a secret")
    runtime = world / "config/training/runtime.yaml"
    config = yaml.safe_load(runtime.read_text())
    config["output_columns"] = ["user_id"] + [
        {"name": f"hostile_{i}", "default_sql": sql.format(secret=outside / "secret", target=outside / "target")}
        for i, sql in enumerate(HOSTILE)
    ]
    runtime.write_text(yaml.safe_dump(config, sort_keys=False, width=1000))
    lines = runtime.read_text().splitlines()
    for arguments in (["check"], dp.TRAIN):
        done = dp.run(world, *arguments)
        assert done.returncode == 2, done.stdout + done.stderr
        for i in range(len(HOSTILE)):
            line = lines.index(f"- name: hostile_{i}") + 1
            told = [text for text in done.stderr.splitlines() if f"column 'hostile_{i}'" in text]
            assert len(told) == 1, done.stderr
            assert f"config/training/runtime.yaml:{line}:" in told[0] or f"runtime.yaml:{line + 1}:" in told[0]
        assert "a secret" not in done.stderr
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert not dp.output_root(world).exists() or dp.published_days(dp.output_root(world)) == []
