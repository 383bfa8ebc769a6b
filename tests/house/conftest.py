import copy
import shutil

import pytest
from django.test import override_settings

from tests.house.chain import make_chain
from tests.once import rolled_back


@pytest.fixture(scope="module")
def chain_of_the_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """The chain and the folder of its files."""
    folder = tmp_path_factory.mktemp("media")
    with rolled_back(django_db_blocker):
        with override_settings(MEDIA_ROOT=folder):
            things = make_chain()
        yield things, folder


@pytest.fixture
def chain(chain_of_the_file, db, settings, tmp_path):
    """One council's full data; see `make_chain`. Made once for each file."""
    things, folder = chain_of_the_file
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    settings.MEDIA_ROOT = tmp_path
    return copy.deepcopy(things)
