"""Results as Markdown: tables with what they mean, nothing measured here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
Results = dict[str, Any]
Column = tuple[str, Callable[[Row], str]]


def markdown(parts: dict[str, Results], excluded: str = "") -> str:
    """The page: every part that has been measured, in the order of this file.

    Args:
        parts: results by the name of the part, as they are kept in ``var/benchmarks``.
        excluded: a line to put first where the figures are not to be quoted.
    """
    sections = [_HEAD, excluded]
    for name, section in _SECTIONS.items():
        if name in parts:
            sections += [section(parts[name]["figures"]), _circumstances(parts[name]["circumstances"])]
    return _joined(*sections) + "\n"


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part)


def table(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """A Markdown table."""
    lines = [[name for name, _ in columns], ["---"] * len(columns)]
    lines += [[cell(row) for _, cell in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(key: str) -> Column:
    return key, lambda row: str(row[key])


def _count(key: str) -> Column:
    return key, lambda row: f"{row[key]:,}"


def _share(key: str) -> Column:
    return key, lambda row: _decimals(row.get(key), 3)


def _with_interval(key: str) -> Column:
    def cell(row: Row) -> str:
        if row[key] is None:
            return "–"
        low, high = row[f"{key} interval"]
        return f"{_decimals(row[key], 3)} ({_decimals(low, 3)}–{_decimals(high, 3)})"

    return key, cell


def _milliseconds(label: str, name: str) -> Column:
    """p50 / p99 of ``name`` in one cell."""
    return label, lambda row: " / ".join(_three_digits(row.get(f"{name}p{p}")) for p in (50, 99))


def _decimals(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}".replace("0.", ".", 1)


def _three_digits(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


_TIME_OF_ONE: Column = ("ms, p50 / p99", lambda row: _pair(row.get("p50 ms"), row.get("p99 ms")))


def _circumstances(found: dict[str, str]) -> str:
    return (
        "Measured "
        + "; ".join(f"{name} {value}" for name, value in found.items()).removeprefix("date ")
        + "."
    )


def _quality(figures: Results) -> str:
    return _joined(_QUALITY, *(_one_engine(name, found) for name, found in figures.items()))


def _one_engine(name: str, found: Results) -> str:
    sets = [_text("set"), _count("passages"), _count("queries"), _with_interval("recall@10")]
    sets += [_with_interval("mrr@10"), *map(_share, ("recall@1", "recall@100", "ndcg@10"))]
    sets.append(_TIME_OF_ONE)
    robust = [_text("variant"), _count("queries"), _share("clean"), _share("recall@10")]
    robust.append(("relative loss", lambda r: f"{r['loss']:.1%} ({_percents(r['loss interval'])})"))
    rejection = [_text("index"), _text("in scope"), _text("out of scope")]
    rejection.append(("questions", lambda r: f"{r['questions'][0]} : {r['questions'][1]}"))
    rejection += map(_share, ("auroc", "coverage@95%", "coverage@99%"))
    indexing = [_text("corpus"), _count("passages"), ("s", lambda r: f"{r['seconds']:.1f}")]
    return _joined(
        f"### {name}",
        table(found["sets"], sets),
        "Robustness: the same questions in another writing.",
        table(found["robust"], robust),
        "Rejection by the score of the best hit.",
        table(found["rejection"], rejection),
        "Indexing.",
        table(found["indexing"], indexing),
    )


def _percents(bounds: Sequence[float]) -> str:
    return " to ".join(f"{bound:.1%}" for bound in bounds)


def _pair(first: float | None, second: float | None) -> str:
    return "–" if first is None else f"{_three_digits(first)} / {_three_digits(second)}"


def _speed(figures: Results) -> str:
    columns = [_text("engine"), _text("terms"), ("build, CPU s", lambda r: _three_digits(r["build s"]))]
    columns.append(("index MB", lambda r: _three_digits(r["index bytes"] and r["index bytes"] / 1e6)))
    columns += [_milliseconds("first time", "first "), _milliseconds("warm", "warm ")]
    columns += [_milliseconds("warm, wall clock", "warm wall ")]
    columns.append(("times tantivy, warm", lambda r: _pair(r.get("tantivy p50"), r.get("tantivy p99"))))
    columns.append(_count("asked"))
    parts = [_SPEED.format(**figures)]
    for size in dict.fromkeys(row["passages"] for row in figures["rows"]):
        parts.append(f"### {size:,} passages")
        parts.append(table([row for row in figures["rows"] if row["passages"] == size], columns))
    exact = [_count("passages"), _text("terms"), ("same ten", lambda r: f"{r['same']} of {r['questions']}")]
    return _joined(*parts, _EXACT, table(figures["exact"], exact))


def _assistant(figures: Results) -> str:
    kinds = list(dict.fromkeys(row["kind"] for row in figures["kinds"]))
    by_set = {(row["set"], row["kind"]): f"{row['right']} of {row['of']}" for row in figures["kinds"]}
    names = [row["set"] for row in figures["rows"]]
    rows: list[Row] = [{"kind": kind} | {n: by_set.get((n, kind), "–") for n in names} for kind in kinds]
    parts = [_ASSISTANT, table(figures["rows"], _answer_columns())]
    parts += ["Right answers by kind of question.", table(rows, [_text("kind"), *map(_text, names)])]
    parts.append("Median milliseconds of each step.")
    steps = [key for key in figures["steps"][0] if key != "set"]
    cells = [(step, lambda r, step=step: _three_digits(r.get(step))) for step in steps]
    return _joined(*parts, table(figures["steps"], [_text("set"), *cells]))


def _answer_columns() -> list[Column]:
    shares = ("facts right", "figures right", "unanswerable answered", "false refusals")
    return [
        ("set", lambda r: r["set"] + (" (weights fitted on it)" if r["fitted on"] else "")),
        ("questions", lambda r: f"{r['questions']} ({r['answerable']} to answer, {r['unanswerable']} not)"),
        *map(_with_interval, shares),
        _text("stale"),
        _share("citation precision"),
        ("characters", lambda r: f"{r['characters']:.0f}"),
        _TIME_OF_ONE,
    ]


def _peers(figures: Results) -> str:
    columns = [_text("system"), *_answer_columns()]
    columns[-1] = (f"over HTTP, {_TIME_OF_ONE[0]}", _TIME_OF_ONE[1])
    columns.insert(-1, ("unanswerable given any text", lambda r: str(r["unanswerable given text"] or "–")))
    return _joined(_PEERS, table(figures["rows"], columns))


_SECTIONS = {"quality": _quality, "speed": _speed, "assistant": _assistant, "peers": _peers}

_HEAD = """
# Benchmarks

Written by `python -m benchmarks`; do not edit. `python -m benchmarks --only quality` (or `speed`,
`assistant`, `peers`) measures one part and leaves the others as they were; `--semantic` adds dense
retrieval where vectors are there; `--sets` names the question sets. Peers:
`uv pip install --group benchmarks`. Results are kept as JSON in `var/benchmarks/`.
Intervals are 95 %, percentile bootstrap over questions,
1,000 resamples, seeded.
"""

_QUALITY = """
## Finding passages

Development collections of `../shared/data`, through `index.evaluation`: the product's own analysis, engine
and ranking. The few weights of ranking are fitted on STARD, `edu_citizen` and part of CMRC 2018
(`benchmarks/fit_search.py` prints cross-validated figures), so ranked figures on these are somewhat
optimistic; BM25 has nothing fitted. `articles of no other question` are STARD questions whose relevant
articles no other question here shares. Of `edu_citizen` only national laws in their newest version are
indexed, as its README asks. `citizen_cites` and `edu_citizen` have silver judgements and few questions.
Rejection: AUROC of the best hit's score between questions in and out of scope, and the share of questions
in scope that are kept when 95 % or 99 % of the others are rejected. The engines share the index on the
disk: seconds of indexing after the first engine are those of looking through it, and of embedding what is
not kept yet.
"""

_SPEED = """
## Speed of searching

Milliseconds of CPU a question (p50 / p99), {questions} real questions (STARD, CMRC 2018, DRCD), top ten,
one thread each, engines asked in interleaved rounds: one where every term is new, {rounds} warm ones. CPU
time is used since the machine is shared; wall-clock time stands beside it. All engines get the same terms
of the same passages; splitting the question into terms is part of every figure. `words` are dictionary
words; `all` are characters, bigrams and words, two fields as the product uses them. `ours, with rescue`
also searches what slips and pinyin probably mean; `ours, ranked`, which the product uses, also orders the
candidates by the fitted model. Ours also stores the passages and returns them; its index holds both fields,
so its size is that of `all`. `nothing cached` decodes every term from its file at every question. Compiling
bm25s's numba code counts as building. Where an engine needs more than 20 s a round, it answers fewer
questions (`asked`). Beyond 67,298 passages, new ones are made of halves of real ones.
"""

_EXACT = """
Exactness: questions on which our ten hits are those of BM25 computed over all postings in plain NumPy
(float64, written from the formula), in the same order but for equal scores.
"""

_ASSISTANT = """
## Answers

Question sets of `tests/data`, judged by `bot/quality.py`. `facts right`: of the questions that must be
answered, answered with every decisive fact and figure, nothing stale. `figures right`: of those that name
words or figures, answered with them. `characters`: median length of an answer. `dev` and `calibration` were
read during development, so their figures are optimistic.
"""

_PEERS = """
## Beside the package baisitong

`baisitong` 1.0.6 (RAG assistant for community policy) on this machine, without keys and network, its own
documents replaced by ours: all statements with their validity in words, FAQ answers, clauses, document
cards, offices, and what is not ours, in paragraphs of its chunk size; the second row also gets every
wording of a question that our library holds, on lines that it searches and never quotes. Same questions,
same judge. Its reply has no outcome: no source is a refusal; where the question must not be answered and
the first text of ours in the reply says so or sends elsewhere, it counts as that; anything else is an
answer (`unanswerable given any text` counts every reply with a source). A fact counts as given where any
sentence that we wrote for it is quoted. It has no as-of date; the texts are as of the day for which the
sets were written. Latency is that of the last message, in turn, over HTTP on the loopback, both from a
server process.
"""
