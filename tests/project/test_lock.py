"""The lock files match the requirements."""

import re

import pytest
from django.conf import settings

NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?\s*[<>=~!]", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_requirement_is_locked_with_hashes(name):
    locked = (settings.BASE_DIR / f"{name}.lock").read_text(encoding="utf-8")
    wanted = NAME.findall((settings.BASE_DIR / f"{name}.txt").read_text(encoding="utf-8"))
    assert wanted
    missing = [
        package
        for package in wanted
        if not re.search(
            rf"^{re.escape(package.lower().replace('_', '-'))}==\S+.*\\$", locked, re.MULTILINE
        )
    ]
    assert missing == [], "run bin/lock"
    assert "://" not in locked
