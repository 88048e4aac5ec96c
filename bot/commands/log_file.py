"""The log of a data directory."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

from bot.errors import UsageError

LOG_NAME = "zhengcetong.log"
_LOG_BYTES = 5_000_000


def log_to_file(data_dir: Path) -> None:
    """Write what is logged from now on to the data directory.

    Raises:
        UsageError: the directory cannot be written.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise UsageError(
            f"数据目录 {data_dir} 无法写入（{exc.strerror or exc}），请用 --data-dir 换一个"
        ) from exc
    handler = logging.handlers.RotatingFileHandler(
        data_dir / LOG_NAME, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
