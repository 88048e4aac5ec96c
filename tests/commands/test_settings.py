"""Settings: read once, strictly; the environment wins over the file, the command line over both."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.settings import Settings
from knowledge.files import BUNDLED


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(
        "data_dir: /srv/file\nlibrary: /srv/library\nhost: 0.0.0.0\nport: 9000\nretention_days: 30\n"
        "messages_per_minute: 5\ntelegram_base_url: http://127.0.0.1:8081\n",
        encoding="utf-8",
    )
    return path


def test_everything_has_a_default() -> None:
    settings = Settings.read(None, {})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8080, Path("var"))
    assert settings.library == BUNDLED
    assert settings.telegram_token == ""
    assert settings.index_dir == Path("var/index")


def test_the_file_is_read_in_full(config: Path) -> None:
    assert Settings.read(config, {}) == Settings(
        data_dir=Path("/srv/file"),
        library=Path("/srv/library"),
        host="0.0.0.0",
        port=9000,
        retention_days=30,
        messages_per_minute=5,
        telegram_base_url="http://127.0.0.1:8081",
    )


ENVIRONMENT = {
    "ZHENGCETONG_DATA_DIR": "/srv/env",
    "ZHENGCETONG_LIBRARY": "/srv/env-library",
    "ZHENGCETONG_HOST": "::1",
    "ZHENGCETONG_PORT": "9001",
    "TELEGRAM_BOT_TOKEN": " 1:secret \n",
    "TELEGRAM_BASE_URL": "http://127.0.0.1:8082",
}


def test_the_environment_wins_over_the_file(config: Path) -> None:
    settings = Settings.read(config, ENVIRONMENT)
    assert (settings.data_dir, settings.library) == (Path("/srv/env"), Path("/srv/env-library"))
    assert (settings.host, settings.port) == ("::1", 9001)
    assert (settings.telegram_token, settings.telegram_base_url) == ("1:secret", "http://127.0.0.1:8082")
    assert settings.retention_days == 30


def test_the_command_line_wins_over_the_environment(config: Path) -> None:
    assert Settings.read(config, ENVIRONMENT, Path("/srv/line")).data_dir == Path("/srv/line")


def test_a_blank_variable_is_one_that_is_not_set(config: Path) -> None:
    """As a line ``TELEGRAM_BOT_TOKEN=`` in an env file leaves it."""
    assert Settings.read(config, dict.fromkeys(ENVIRONMENT, " ")) == Settings.read(config, {})


def test_the_token_is_not_shown() -> None:
    """Settings may end up in a log."""
    assert "secret" not in repr(Settings.read(None, ENVIRONMENT))


@pytest.mark.parametrize(
    ("content", "line", "field", "said"),
    [
        ("port: 8080\nprot: 1\n", 2, "prot", "拼写"),
        ("telegram_token: '1:secret'\n", 1, "telegram_token", "拼写"),
        ("port: 8080\nport: 8081\n", 2, "port", "两次"),
        ("port: '8080'\n", 1, "port", "整数"),
        ("port: 0x1F90\n", 1, "port", "整数"),
        ("port: 70000\n", 1, "port", "65535"),
        ("port: -1\n", 1, "port", "65535"),
        ("host: 1\n", 1, "host", "文字"),
        ("retention_days: 4000\n", 1, "retention_days", "3650"),
        ("messages_per_minute: many\n", 1, "messages_per_minute", "整数"),
        ("data_dir: [a]\n", 1, "data_dir", "文字"),
    ],
)
def test_a_wrong_setting_names_file_line_and_field(
    tmp_path: Path, content: str, line: int, field: str, said: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Settings.read(path, {})
    assert str(caught.value).startswith(f"{path}:{line} [{field}] ")
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_all_wrong_settings_are_told_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("host: 1\nport: x\nother: 2\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        Settings.read(path, {})
    message = str(caught.value)
    assert [name for name in ("[host]", "[port]", "[other]") if name in message] == [
        "[host]",
        "[port]",
        "[other]",
    ]
    assert "\n" not in message


@pytest.mark.parametrize(
    "content", ["- port: 1\n", "", "port: [\n", "端口".encode("gb18030"), b"port: \x00\n"]
)
def test_a_file_that_is_no_mapping_is_refused_on_one_line(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as caught:
        Settings.read(path, {})
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_or_a_directory_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(UsageError, match="找不到配置文件"):
            Settings.read(path, {})


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80.5", "²", "8080 8081"])
def test_a_wrong_port_in_the_environment_is_refused(port: str) -> None:
    with pytest.raises(UsageError, match="ZHENGCETONG_PORT"):
        Settings.read(None, {"ZHENGCETONG_PORT": port})
