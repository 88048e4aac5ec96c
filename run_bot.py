"""政策通: entry point. The only place that chooses the engine, the store and the channels."""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.errors import ChannelError
from bot.commands.context import Context
from bot.commands.log_file import LOG_NAME, log_to_file
from bot.commands.options import add_messages, add_search, add_stats, loaded
from bot.commands.output import say
from bot.commands.parsing import ChineseParser, common_options, positive, subcommand
from bot.commands.staff_options import add_staff_commands
from bot.errors import UsageError
from bot.settings import Settings
from bot.store_file import StoreError
from index.engines.whoosh import WhooshEngine
from index.errors import SearchError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.commands.serving import Channel
    from bot.desk import Desk
    from bot.store import Store

_LOG = logging.getLogger("zhengcetong")


def chat(arguments: argparse.Namespace, context: Context) -> int:
    """The assistant in the terminal."""
    from bot.channels.terminal import run

    with _store(context) as store:
        return run(_desk(context, store))


def serve(arguments: argparse.Namespace, context: Context) -> int:
    """Every configured channel until told to stop."""
    from bot.channels.secrets import protect_logs
    from bot.channels.web import require_free
    from bot.commands.serving import announce, serve_all

    require_free(*_address(arguments, context))
    protect_logs(context.settings.telegram_token, context.settings.llm_key, context.settings.embeddings.key)
    log_to_file(context.settings.data_dir)
    with _store(context) as store:
        for path in store.damaged:
            say(f"聊天记录文件损坏，已移到 {path} 保存，并新建了一个。")
        desk = _desk(context, store)
        channels = (_web(arguments, context, desk), _telegram(context, desk, store))
        say(f"政策库已就绪：{len(desk.sources())} 份文件。")
        announce(channels)
        say(_model_line(context.settings))
        asyncio.run(serve_all(channels, lambda: _purge(context, store)))
    return 0


def _store(context: Context) -> Store:
    from bot.store import Store

    return Store(context.settings.data_dir)


def _desk(context: Context, store: Store) -> Desk:
    from bot.desk import Desk

    return Desk(context.assistant(), store)


def _purge(context: Context, store: Store) -> None:
    gone = store.purge(context.settings.retention_days)
    if gone:
        _LOG.info("retention: %d exchanges deleted", gone)
    from bot.store_messages import purge_messages

    settings = context.settings
    purge_messages(settings.data_dir, settings.messages_retention_days, settings.retention_days)


def _web(arguments: argparse.Namespace, context: Context, desk: Desk) -> Channel:
    from bot.channels.web import WebSettings, create_app
    from bot.channels.web import serve as serve_web
    from bot.commands.serving import Channel

    host, port = _address(arguments, context)
    app = create_app(desk, WebSettings(retention_days=context.settings.retention_days))

    async def run(stop: asyncio.Event, tell: Callable[[str], None]) -> None:
        await serve_web(app, host, port, stop, lambda url: tell(f"网页：已开启，请用浏览器打开 {url}"))

    return Channel("网页", run)


def _address(arguments: argparse.Namespace, context: Context) -> tuple[str, int]:
    """Where the page is served: the command line wins over the settings."""
    settings = context.settings
    return arguments.host or settings.host, settings.port if arguments.port is None else arguments.port


def _telegram(context: Context, desk: Desk, store: Store) -> Channel:
    from bot.commands.serving import Channel

    settings = context.settings
    if not settings.telegram_token:
        hint = "要开启，请先设置环境变量 TELEGRAM_BOT_TOKEN（向 @BotFather 申请）再启动。"
        return Channel("Telegram", None, hint)
    from bot.channels.telegram import TelegramSettings, build_application
    from bot.channels.telegram import serve as serve_telegram
    from bot.commands.staff import telegram_desk

    channel_settings = TelegramSettings(
        token=settings.telegram_token,
        base_url=settings.telegram_base_url or None,
        messages_per_minute=settings.messages_per_minute,
    )

    staff = telegram_desk(context)

    async def run(stop: asyncio.Event, tell: Callable[[str], None]) -> None:
        tell("Telegram：已开启。")
        await serve_telegram(build_application(desk, channel_settings, store, staff), stop, staff)

    return Channel("Telegram", run)


def _model_line(settings: Settings) -> str:
    if settings.llm_url:
        return "语言模型：已开启，只用来压缩已核对的原话。"
    return "语言模型：未开启（不需要）。要开启，请设置环境变量 ZHENGCETONG_LLM_URL 和 ZHENGCETONG_LLM_MODEL。"


def build_parser() -> ChineseParser:
    """All commands with their options; no command means ``serve``."""
    parser = ChineseParser(
        prog="run_bot.py",
        description="政策通：只根据已公布的教育体育政策回答市民的问题。不写命令就是 serve。",
        allow_abbrev=False,
    )
    common_options(parser, top=True)
    _listening_options(parser, None)
    parser.set_defaults(run=serve)
    commands = parser.add_subparsers(title="命令", metavar="命令", dest="command")
    _add_serving(commands)
    _add_asking(commands)
    _add_upkeep(commands)
    add_messages(commands)
    add_stats(commands)
    add_staff_commands(commands)
    return parser


def _add_serving(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    command = subcommand(commands, "serve", "开启网页和已配置的各渠道（默认命令）")
    command.add_argument("--host", metavar="地址", default=None, help="网页监听地址，默认 127.0.0.1")
    command.add_argument(
        "--port", metavar="端口", type=_port, default=None, help="网页端口，默认 8080；0 为任选"
    )
    command.set_defaults(run=serve)
    subcommand(commands, "chat", "在终端里对话").set_defaults(run=chat)


def _listening_options(parser: argparse.ArgumentParser, unset: str | None) -> None:
    parser.add_argument("--host", metavar="地址", default=unset, help="网页监听地址，默认 127.0.0.1")
    parser.add_argument(
        "--port", metavar="端口", type=_port, default=unset, help="网页端口，默认 8080；0 为任选"
    )


def _add_asking(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    command = subcommand(commands, "ask", "问一个问题；或用 --jsonl 从标准输入逐行读题")
    command.add_argument("question", nargs="?", metavar="问题", help="要问的话")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.add_argument("--jsonl", action="store_true", help="标准输入每行一题，标准输出每行一答")
    command.set_defaults(run=loaded("asking", "ask"))
    add_search(commands)


def _add_upkeep(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    command = subcommand(commands, "build-index", "建立或更新索引")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("upkeep", "build_index"))
    command = subcommand(commands, "check", "检查整个政策库")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("upkeep", "check"))
    command = subcommand(commands, "evaluate", "在任意语料上评测检索")
    for name, text in (
        ("corpus", "语料 JSONL（可 .gz）"),
        ("queries", "问题 JSONL"),
        ("qrels", "相关性 TSV"),
    ):
        command.add_argument(f"--{name}", type=Path, required=True, metavar="文件", help=text)
    command.add_argument("--semantic", choices=["on", "off"], default="off", help="是否用语义检索")
    command.add_argument("--k", type=positive, default=10, metavar="N", help="取前几条，默认 10")
    command.add_argument("--per-query", type=Path, metavar="文件", help="把每题结果写到文件")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("upkeep", "evaluate"))


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("端口应是 0 到 65535 的数")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 success, 1 a failed check, 2 bad usage or input (one line on stderr)."""
    settings = Settings()
    logging.getLogger().addHandler(logging.NullHandler())
    _write_utf8()
    try:
        arguments = build_parser().parse_args(argv)
        settings = Settings.read(arguments.config, os.environ, arguments.data_dir)
        context = Context(settings, arguments.as_of, WhooshEngine)
        code: int = arguments.run(arguments, context)
        sys.stdout.flush()
    except (UsageError, KnowledgeError, SearchError, StoreError, ChannelError) as exc:
        say(f"错误：{exc}")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output left (… | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # the last resort: people get an id, the log gets the trace
        return _fault(settings.data_dir)
    return code


def _write_utf8() -> None:
    """JSON is UTF-8 wherever it goes, also where the system's encoding is another (Windows: GBK)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _fault(data_dir: Path) -> int:
    reference = secrets.token_hex(4)
    try:
        log_to_file(data_dir)
    except UsageError as exc:
        say(f"错误：程序出了意外，也没能记下详情：{exc}")
        return 1
    _LOG.exception("fault %s", reference)
    say(f"错误：程序出了意外，编号 {reference}。请把编号告诉维护人员，详情在 {data_dir / LOG_NAME}。")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
