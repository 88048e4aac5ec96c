"""Settings: read once, strictly, then passed in. The environment wins over the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import UsageError
from bot.staff import StaffList, read_staff
from index.semantic.choose import EndpointSettings, Semantic
from knowledge.errors import Problem
from knowledge.files import BUNDLED
from knowledge.yaml_reader import Entry, read_entry


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. ``docs/settings.md`` lists the names in the file and the environment.

    ``retention_days``: chat log older than this is deleted. ``messages_retention_days``: the same for
    imported messages. ``messages_per_minute``: per user and channel. ``work_calendar``: a file that corrects
    the state's calendar of holidays. ``candidate_days`` … ``answer_workdays``: the clock of an event.
    """

    data_dir: Path = Path("var")
    library: Path = BUNDLED
    host: str = "127.0.0.1"
    port: int = 8080
    retention_days: int = 180
    messages_retention_days: int = 1095
    messages_per_minute: int = 20
    staff: StaffList = field(default_factory=StaffList)
    work_calendar: Path | None = None
    candidate_days: int = 14
    """Candidate topics are due so many days before an event."""
    notice_days: int = 7
    """The notice is due so many days before an event; some offices give three."""
    answer_workdays: int = 5
    """Working days after an event within which unanswered questions are answered in public."""
    telegram_token: str = field(default="", repr=False)
    telegram_base_url: str = ""
    semantic: Semantic = Semantic.OFF
    embeddings: EndpointSettings = field(default_factory=EndpointSettings)
    llm_url: str = ""
    llm_model: str = ""
    llm_timeout_seconds: int = 4
    llm_key: str = field(default="", repr=False)

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
        settings = cls(
            data_dir=data_dir or Path(environ.get("ZHENGCETONG_DATA_DIR", values.data_dir)),
            library=Path(environ.get("ZHENGCETONG_LIBRARY", values.library)),
            host=environ.get("ZHENGCETONG_HOST", values.host),
            port=_port(environ.get("ZHENGCETONG_PORT"), values.port),
            retention_days=values.retention_days,
            messages_retention_days=values.messages_retention_days,
            messages_per_minute=values.messages_per_minute,
            staff=values.staff,
            work_calendar=values.work_calendar,
            candidate_days=values.candidate_days,
            notice_days=values.notice_days,
            answer_workdays=values.answer_workdays,
            telegram_token=environ.get("TELEGRAM_BOT_TOKEN", ""),
            telegram_base_url=environ.get("TELEGRAM_BASE_URL", values.telegram_base_url),
            semantic=_semantic(environ.get("ZHENGCETONG_SEMANTIC"), values.semantic),
            embeddings=replace(
                values.embeddings,
                url=environ.get("ZHENGCETONG_EMBEDDINGS_URL", values.embeddings.url),
                model=environ.get("ZHENGCETONG_EMBEDDINGS_MODEL", values.embeddings.model),
                key=environ.get("ZHENGCETONG_EMBEDDINGS_KEY", ""),
            ),
            llm_url=environ.get("ZHENGCETONG_LLM_URL", values.llm_url),
            llm_model=environ.get("ZHENGCETONG_LLM_MODEL", values.llm_model),
            llm_timeout_seconds=values.llm_timeout_seconds,
            llm_key=environ.get("ZHENGCETONG_LLM_KEY", ""),
        )
        _require_sound_llm(settings)
        return settings


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
        messages_retention_days=_whole(entry, "messages_retention_days", base.messages_retention_days, 3650),
        messages_per_minute=_whole(entry, "messages_per_minute", base.messages_per_minute, 600),
        staff=read_staff(entry.entries("staff")),
        work_calendar=_path(entry, "work_calendar"),
        candidate_days=_whole(entry, "candidate_days", base.candidate_days, 90),
        notice_days=_whole(entry, "notice_days", base.notice_days, 60),
        answer_workdays=_whole(entry, "answer_workdays", base.answer_workdays, 60, least=1),
        telegram_base_url=entry.text("telegram_base_url", ""),
        semantic=entry.choice("semantic", Semantic, base.semantic),
        embeddings=EndpointSettings(
            url=entry.text("embeddings_url", ""),
            model=entry.text("embeddings_model", ""),
            query_prefix=entry.text("embeddings_query_prefix", ""),
            passage_prefix=entry.text("embeddings_passage_prefix", ""),
        ),
        llm_url=entry.text("llm_url", ""),
        llm_model=entry.text("llm_model", ""),
        llm_timeout_seconds=_whole(entry, "llm_timeout_seconds", base.llm_timeout_seconds, 30, least=1),
    )
    entry.finish()
    return settings


def _path(entry: Entry, key: str) -> Path | None:
    """A path, relative to the file that names it."""
    text = entry.text(key, "")
    return Path(entry.file).parent / text if text else None


def _whole(entry: Entry, key: str, default: int, largest: int, least: int = 0) -> int:
    value = entry.number(key) if entry.has(key) else default
    if not least <= value <= largest:
        entry.problem(key, f"应在 {least} 到 {largest} 之间")
    return value


def _require_sound_llm(settings: Settings) -> None:
    """A model that is set by half would never be asked, and nobody would notice.

    Raises:
        UsageError: an address without a model, no web address, or a key that fits into no header.
    """
    if not settings.llm_url:
        return
    try:
        address = urlsplit(settings.llm_url)
        sound = address.scheme in {"http", "https"} and bool(address.hostname) and address.port != 0
    except ValueError:
        sound = False
    if not sound or address.query or address.fragment or "@" in address.netloc:
        # Not repeated: an address of this kind may hold a password.
        raise UsageError("llm_url 应是 http:// 或 https:// 开头的接口地址，不带账号、? 和 #")
    if not settings.llm_model:
        raise UsageError("设置了 llm_url，还要用 llm_model 写明模型名称")
    if not (settings.llm_key.isascii() and settings.llm_key.isprintable()):
        raise UsageError("环境变量 ZHENGCETONG_LLM_KEY 里有不能用的字符，请检查是否复制完整")


def _semantic(text: str | None, default: Semantic) -> Semantic:
    if text is None:
        return default
    if text not in list(Semantic):
        raise UsageError(f"环境变量 ZHENGCETONG_SEMANTIC 应是 {'、'.join(Semantic)} 之一：{text}")
    return Semantic(text)


def _port(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not text.isdecimal() or int(text) > 65535:
        raise UsageError(f"环境变量 ZHENGCETONG_PORT 应是 0 到 65535 的数：{text}")
    return int(text)
