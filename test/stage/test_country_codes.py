"""Every officially assigned code of ISO 3166-1, in each form, against Debian's iso-codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stage_case import Case, World, name_output_columns
from stage_check import differences
from stage_run import default_daeda, run_world

ISO_CODES = Path("/usr/share/iso-codes/json/iso_3166-1.json")
FORMS = ("alpha_2", "alpha_3", "numeric")


@pytest.mark.skipif(not ISO_CODES.exists(), reason="iso-codes is not installed")
def test_every_country_has_its_number(tmp_path: Path) -> None:
    countries = json.loads(ISO_CODES.read_text(encoding="utf-8"))["3166-1"]
    codes = sorted((country[form], int(country["numeric"])) for country in countries for form in FORMS)
    assert len(codes) == 3 * 249
    header = ["user_id", "artwork_id", "event_timestamp", "event", "country_code"]
    feed = [[code, "a", "09:00", "like", code] for code, _ in codes]  # the code is the user: the output is in its order
    expect = {"rows": [["user_id", "country_code"], *map(list, codes)], "manifest": ['"country_code": []']}
    world = World("country_codes", True, [{"given": {"feed": [header, *feed]}}])
    name_output_columns(world, [expect])
    run_world(world, default_daeda(), tmp_path)
    assert differences(Case("country_codes", world, [expect], None)) == []
