"""Files of the classifier: what is wrong in them is told with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.signals.classification import matters as matters_module
from bot.signals.classification.cues import read_cues
from bot.signals.classification.examples import BUNDLED, read_examples
from bot.signals.classification.matters import read_matters
from bot.signals.models import Alarm, Answerer
from knowledge.errors import LibraryInvalid
from knowledge.library import Library

HERE = Path(matters_module.__file__).parent
GOOD = {
    "id": "x-1",
    "title": "标题",
    "text": "内容",
    "matter": "c08",
    "answerer": "county",
    "urgency": "normal",
    "alarms": [],
    "stages": ["小学"],
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for name in ("matters.yaml", "keywords.yaml", "cues.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def complaint(directory: Path, library: Library) -> str:
    with pytest.raises(LibraryInvalid) as caught:
        read_matters(library.categories, library.offices, directory)
    return "\n".join(str(problem) for problem in caught.value.problems)


def test_every_matter_has_words_and_examples(library: Library) -> None:
    matters = read_matters(library.categories, library.offices)
    seen = {example.matter for path in BUNDLED for example in read_examples(path, matters)}
    assert seen == set(matters)
    assert [matter.id for matter in matters.values() if not matter.keywords] == []
    assert set(library.categories) == {matter.id for matter in matters.values() if matter.ours}


def test_examples_agree_with_their_matter(library: Library) -> None:
    """Only another bureau's matter is answered by another bureau; ids are unique."""
    matters = read_matters(library.categories, library.offices)
    examples = [example for path in BUNDLED for example in read_examples(path, matters)]
    assert len({example.id for example in examples}) == len(examples)
    wrong = [e.id for e in examples if matters[e.matter].ours == (e.answerer is Answerer.OTHER)]
    assert wrong == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{id: c08, office: jichu", "{id: c08, office: nowhere", "nowhere"),
        ("{id: c08, office: jichu", "{id: c88, office: jichu", "c88"),
        ("{id: c09,", "{id: c08,", "c08 写了两次"),
        ("answerer: city}", "answerer: other}", "其他部门"),
        ("  - {id: c31, office: jichu, answerer: school}\n", "", "c31 没有列出"),
    ],
)
def test_wrong_matters_are_told_with_file_and_field(
    directory: Path, library: Library, old: str, new: str, said: str
) -> None:
    change(directory / "matters.yaml", old, new)
    told = complaint(directory, library)
    assert said in told
    assert "matters.yaml" in told


def test_words_of_a_matter_that_does_not_exist_are_told(directory: Path, library: Library) -> None:
    change(directory / "keywords.yaml", "b-other:", "b-nothing:")
    assert "b-nothing" in complaint(directory, library)


def test_an_empty_list_of_cues_is_told(directory: Path, library: Library) -> None:
    path = directory / "cues.yaml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("danger")), "utf-8")
    with pytest.raises(LibraryInvalid, match="danger"):
        read_cues(library.slots, path)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("matter", "c99", "c99"),
        ("answerer", "me", "answerer"),
        ("urgency", None, "urgency"),
        ("alarms", "danger", "alarms"),
        ("stages", ["大学"], "stages"),
        ("title", 3, "title"),
    ],
)
def test_a_wrong_example_is_told_with_its_line(tmp_path: Path, field: str, value: object, said: str) -> None:
    path = tmp_path / "examples.jsonl"
    lines = [json.dumps(GOOD), json.dumps(GOOD | {field: value})]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(UsageError, match="第 2 行") as caught:
        read_examples(path, {"c08"})
    assert said in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_line_that_is_no_record_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match="第 1 行"):
        read_examples(path, {"c08"})


def test_a_missing_file_of_examples_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="读不了"):
        read_examples(tmp_path / "none.jsonl", {"c08"})


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("老师打人了", True),
        ("老师没有打人", False),
        ("如果再打人怎么办", False),
        ("去年有人打人", False),
        ("没有饭吃，还打人", True),
        ("去年的事不提了。今天又打人", True),
    ],
)
def test_cues_are_meant_unless_denied_supposed_or_past(library: Library, text: str, meant: bool) -> None:
    said = read_cues(library.slots).said(text)
    assert (Alarm.DANGER in said.meant) is meant
    assert (Alarm.DANGER in said.mentioned) is not meant
