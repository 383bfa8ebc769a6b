"""Fixtures shared by the partnership's tests."""

import pytest


@pytest.fixture(autouse=True)
def _files_go_away_after_each_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
