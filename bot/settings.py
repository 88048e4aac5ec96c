"""Settings: read once, strictly, then passed in. The environment wins over the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import UsageError
from knowledge.errors import Problem
from knowledge.files import BUNDLED
from knowledge.yaml_reader import Entry, read_entry


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. ``docs/settings.md`` lists the names in the file and the environment.

    ``retention_days``: chat log older than this is deleted. ``messages_per_minute``: per user and channel.
    """

    data_dir: Path = Path("var")
    library: Path = BUNDLED
    host: str = "127.0.0.1"
    port: int = 8080
    retention_days: int = 180
    messages_per_minute: int = 20
    telegram_token: str = field(default="", repr=False)
    telegram_base_url: str = ""

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    @classmethod
    def read(cls, config: Path | None, environ: Mapping[str, str], data_dir: Path | None = None) -> Settings:
        """Defaults, then the YAML file, then the environment, then ``data_dir`` of the command line.

        Raises:
            UsageError: the file is missing, has an unknown key or a value of the wrong type.
        """
        values = _from_file(config) if config else cls()
        environ = {name: text.strip() for name, text in environ.items() if text.strip()}  # blank is not set
        return cls(
            data_dir=data_dir or Path(environ.get("ZHENGCETONG_DATA_DIR", values.data_dir)),
            library=Path(environ.get("ZHENGCETONG_LIBRARY", values.library)),
            host=environ.get("ZHENGCETONG_HOST", values.host),
            port=_port(environ.get("ZHENGCETONG_PORT"), values.port),
            retention_days=values.retention_days,
            messages_per_minute=values.messages_per_minute,
            telegram_token=environ.get("TELEGRAM_BOT_TOKEN", ""),
            telegram_base_url=environ.get("TELEGRAM_BASE_URL", values.telegram_base_url),
        )


def _from_file(path: Path) -> Settings:
    if not path.is_file():
        raise UsageError(f"找不到配置文件：{path}")
    problems: list[Problem] = []
    entry = read_entry(path, str(path), problems)
    settings = _read(entry) if entry else Settings()
    if problems:
        raise UsageError("；".join(str(problem) for problem in problems))
    return settings


def _read(entry: Entry) -> Settings:
    base = Settings()
    settings = Settings(
        data_dir=Path(entry.text("data_dir", str(base.data_dir))),
        library=Path(entry.text("library", str(base.library))),
        host=entry.text("host", base.host),
        port=_whole(entry, "port", base.port, 65535),
        retention_days=_whole(entry, "retention_days", base.retention_days, 3650),
        messages_per_minute=_whole(entry, "messages_per_minute", base.messages_per_minute, 600),
        telegram_base_url=entry.text("telegram_base_url", ""),
    )
    entry.finish()
    return settings


def _whole(entry: Entry, key: str, default: int, largest: int) -> int:
    value = entry.number(key) if entry.has(key) else default
    if not 0 <= value <= largest:
        entry.problem(key, f"应在 0 到 {largest} 之间")
    return value


def _port(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(f"环境变量 ZHENGCETONG_PORT 应是 0 到 65535 的数：{text}")
    return int(text)
