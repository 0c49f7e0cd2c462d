"""Each world that was reported, with the value that is right, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import daeda_process as dp
import pyarrow.parquet as pq

from reported_world import ROOT, change, column, json_lines, published, refusal, reported, write


def test_time_after_dates_in_csv_is_no_leak(tmp_path: Path) -> None:
    world = reported(tmp_path, "csv_late_time_leaks_future")
    early = [f"z{n},2026-01-01 00:00:00,nobody,2026-01-15" for n in range(20_480)]
    late = "a1,2026-03-01 00:00:00,u1,2026-04-01 18:30:00"
    write(world / "data/art.csv", "\n".join(["artwork_id,updated_at,author_id,published_at", *early, late, ""]))
    assert published(world, "recent") == [[], ["a1"]]


def test_late_keys_of_json_are_columns(tmp_path: Path) -> None:
    world = reported(tmp_path, "json_late_key_lost")
    usual = {"artwork_id": "a1", "event": "click"}
    lines = [usual | {"user_id": f"u{n % 9}", "event_timestamp": "2026-04-01 01:00:00"} for n in range(20_480)]
    lines += [usual | {"user_id": "zz", "event_timestamp": f"2026-04-01 05:41:2{n}", "tag": tag, "sess": f"s{n + 1}"}
              for n, tag in enumerate(["home", "search"])]
    write(world / "data/feed/month=202604/f.json", json_lines(lines))
    assert published(world, "tag")[-3:] == [None, "home", "search"]
    assert pq.read_table(world / ROOT / "qid_map.parquet").to_pylist() == [
        {"feed_session": "s1", "qid": 1}, {"feed_session": "s2", "qid": 2}]


def test_json_with_sparse_keys_is_read(tmp_path: Path) -> None:
    users = published(reported(tmp_path, "json_sparse_keys_refused"), "user_id")
    assert len(users) == 50 and set(users) <= {f"u{n}" for n in range(50)}


def test_text_like_a_foreign_date_stays_text(tmp_path: Path) -> None:
    assert published(reported(tmp_path, "json_dmy_feature_refused"), "released") == ["25-12-2020", None, "25-12-2020"]


def test_empty_nested_field_hides_no_column(tmp_path: Path) -> None:
    assert published(reported(tmp_path, "nested_null_field_hides_column"), "country") == ["DE", "FR", "US"]


def test_empty_nested_field_drops_no_rows(tmp_path: Path) -> None:
    assert published(reported(tmp_path, "nested_null_field_drops_rows"), "artwork_id") == ["a1", "a2", "a1"]


def test_session_in_floating_point_is_refused(tmp_path: Path) -> None:
    refusal(reported(tmp_path, "drift_float_file_merges_sessions"), "b.parquet", "sess", "DOUBLE")


def test_exact_name_wins_in_parquet(tmp_path: Path) -> None:
    assert published(reported(tmp_path, "case_clash_takes_first"), "event") == ["like", "click"]


def test_exact_name_wins_in_csv(tmp_path: Path) -> None:
    assert published(reported(tmp_path, "case_clash_csv"), "event") == ["like", "click"]


def test_foreign_dates_are_refused_until_their_form_is_declared(tmp_path: Path) -> None:
    world = reported(tmp_path, "gap_us_dates_read_as_dmy")
    refusal(world, "f.csv", "04/01/2026 10:00:00", "times")
    change(world, "catalog/feed.yaml", times={"event_timestamp": "%m/%d/%Y %H:%M:%S"})
    assert published(world, "artwork_id") == ["a1"]
    assert column(world, "artwork_id", "2026-04-02") == ["a2"]


def test_epoch_seconds_are_refused_until_declared(tmp_path: Path) -> None:
    world = reported(tmp_path, "poor_message_epoch")
    told = refusal(world, "event_timestamp", "1775004000", "epoch_")
    assert "source.types" not in told
    change(world, "catalog/feed.yaml", times={"event_timestamp": "epoch_s"})
    assert [f"{time}" for time in published(world, "event_timestamp")] == ["2026-04-01 00:40:00"]


def test_fault_of_the_feed_is_not_told_as_one_of_a_view(tmp_path: Path) -> None:
    told = refusal(reported(tmp_path, "poor_message_key_type"), "p.parquet", "event_timestamp", "BIGINT")
    assert "view art" not in told and "one type everywhere" not in told


def test_uuid_keys_are_text(tmp_path: Path) -> None:
    users = published(reported(tmp_path, "gap_uuid_keys"), "user_id")
    assert users == [f"0b1c2d3e-0000-4000-8000-00000000000{n}" for n in range(3)]


def test_csv_that_was_cut_names_its_line(tmp_path: Path) -> None:
    told = refusal(reported(tmp_path, "poor_message_csv_ragged"), "f.csv", "102")
    assert "has no column" not in told


def test_partitions_without_leading_zeros_are_read(tmp_path: Path) -> None:
    world = reported(tmp_path, "gap_unpadded_partitions")
    dp.trained(world)
    days = {day: column(world, "l_7d", day) for day in dp.published_days(world / ROOT)}
    assert days == {
        "2026-10-07": [[]],
        "2026-10-08": [["a7"]],
        "2026-10-09": [["a8", "a7"]],
        "2026-10-10": [["a9", "a8", "a7"]],
        "2026-10-11": [["a10", "a9", "a8", "a7"]],
    }


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    world = reported(tmp_path, "hidden_files_are_read")
    assert published(world, "user_id") == ["u1", "u1", "u2"]


def test_column_of_a_path_is_read_or_its_absence_told(tmp_path: Path) -> None:
    world = reported(tmp_path, "gap_path_only_column")
    told = dp.trained(world).stderr
    assert "absent-passthrough" in told and "country_code" in told
    change(world, "catalog/feed.yaml", path_columns=["country_code"])
    assert published(world, "country_code") == [276] * 3 + [250] * 3


def test_rows_outside_their_partition_are_told(tmp_path: Path) -> None:
    world = reported(tmp_path, "gap_misplaced_rows_unsaid")
    told = dp.trained(world).stderr
    assert "misplaced-rows" in told and "day_zone" in told
    for day in ("2026-04-01", "2026-04-02", "2026-04-03"):  # each partition holds two rows of the day before
        assert dp.manifest(world / ROOT, day)["unused_rows"] == {"null_time": 0, "misplaced": 2}
    change(world, "catalog/feed.yaml", day_zone="Europe/Berlin")
    dp.trained(world)
    for day in ("2026-04-01", "2026-04-02", "2026-04-03"):
        assert len(dp.rows(world / ROOT, day)) == 24
        assert dp.manifest(world / ROOT, day)["unused_rows"] == {"null_time": 0, "misplaced": 0}
