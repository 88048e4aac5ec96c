"""Data directories for whole-product tests."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from tests.e2e.product import NewDataDir, serving


@pytest.fixture(scope="session")
def new_data_dir(tmp_path_factory: pytest.TempPathFactory) -> NewDataDir:
    """Makes data directories in which the index is built already, as on every start but the first."""
    home = tmp_path_factory.mktemp("products")
    with serving(home / "built") as product:
        assert product.url
        assert product.stop() == 0
    numbers = itertools.count(1)

    def copy() -> Path:
        path = home / f"var-{next(numbers)}"
        return Path(shutil.copytree(home / "built", path, ignore=shutil.ignore_patterns("zhengcetong*")))

    return copy
