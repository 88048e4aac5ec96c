"""``lookup``: clause and line for a keyword, for the hour at the phone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from bot.briefing.lookup import Lookup
from bot.briefing.lookup_text import lookup_text
from bot.commands.context import Context
from bot.commands.output import print_json, say
from bot.staff import Role


def lookup(arguments: argparse.Namespace, context: Context) -> int:
    """Look words up once, or line by line until the end of the input: the library is opened only once."""
    context.settings.staff.on_this_machine(Role.VIEWER)
    library = context.library()
    engine = context.ranked_library(library)
    table = Lookup(library, engine, context.today())
    try:
        for words in _asked(arguments):
            found = table.find(words, arguments.top)
            if arguments.json:
                print_json({"words": words, "as_of": context.today(), "entries": found})
            else:
                sys.stdout.write(lookup_text(found) + "\n")
                sys.stdout.flush()
    finally:
        engine.close()
    return 0


def _asked(arguments: argparse.Namespace) -> Iterator[str]:
    if arguments.words:
        yield " ".join(arguments.words)
        return
    if sys.stdin.isatty():
        say("输入关键词后回车，直接给出条款和口径；空行或 Ctrl-D 结束。")
    for line in sys.stdin:
        if not line.strip():
            return
        yield line.strip()
