"""The database of a process, opened once."""

import gc

import pytest

from cds_service.records.opened import Database
from cds_service.settings import Settings


@pytest.fixture
def unfrozen():
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("unfrozen")
def test_what_was_loaded_for_it_is_searched_by_no_later_collection():
    Database(Settings(database_url="sqlite://")).engine()

    assert gc.get_freeze_count() > 50_000
    assert len(gc.get_objects()) < 5_000
