"""Words of messages, and the file that remembers them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.signals.topics.features import (
    FEATURES_VERSION,
    Features,
    TopicInput,
    features_of,
    places_of,
    read_features,
    remembered_features,
    term_of,
    write_features,
)

MESSAGES = [
    TopicInput("m1", "宁国市梅岭小学食堂饭菜变质", "孩子吃了食堂的饭菜肚子疼，请查一查。"),
    TopicInput("m2", "泾县校车停运", "校车已经停运三天，孩子没法上学。"),
    TopicInput("m3", "", ""),
]


def same(one: Features, other: Features) -> bool:
    arrays = ("prints", "starts", "terms", "counts")
    return one.ids == other.ids and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


def counts_of(features: Features, place: int) -> dict[int, int]:
    part = slice(features.starts[place], features.starts[place + 1])
    return dict(zip(features.terms[part].tolist(), features.counts[part].tolist(), strict=True))


def test_words_of_the_title_count_more() -> None:
    counts = counts_of(features_of(MESSAGES), 0)
    assert counts[term_of("食堂")] == 3 + 1
    assert counts[term_of("肚子疼")] == 1


def test_a_message_without_words_has_none() -> None:
    features = features_of(MESSAGES)
    assert features.starts[2] == features.starts[3]


def test_endless_repetition_does_not_overflow() -> None:
    features = features_of([TopicInput("m", "食堂 " * 300, "食堂 " * 300)])
    assert counts_of(features, 0)[term_of("食堂")] == 255


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我在梅岭小学上学", "梅岭小学"),
        ("绩溪县云栖培训学校不退费", "云栖培训学校"),
        ("郎溪县金桂花园物业", "金桂花园"),
    ],
)
def test_names_of_places_are_found(text: str, place: str) -> None:
    assert place in places_of(text)


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    features = features_of(MESSAGES)
    write_features(features, tmp_path / "new" / "features.npz")
    read = read_features(tmp_path / "new" / "features.npz")
    assert read is not None
    assert same(read, features)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["features.npz"]


def test_no_messages(tmp_path: Path) -> None:
    write_features(features_of([]), tmp_path / "features.npz")
    read = read_features(tmp_path / "features.npz")
    assert read is not None
    assert read.ids == ()


def test_remembered_words_are_not_cut_again(tmp_path: Path) -> None:
    """The file is trusted: a foreign term in it comes back, with the message's new neighbours beside it."""
    file = tmp_path / "features.npz"
    planted = replace(features_of(MESSAGES[:1]), terms=np.array([7], np.uint32))
    planted = replace(planted, counts=np.array([1], np.uint8), starts=np.array([0, 1]))
    write_features(planted, file)
    features = remembered_features(MESSAGES, file)
    assert counts_of(features, 0) == {7: 1}
    assert counts_of(features, 1) == counts_of(features_of(MESSAGES), 1)


def test_changed_and_deleted_messages_leave_the_file(tmp_path: Path) -> None:
    file = tmp_path / "features.npz"
    remembered_features(MESSAGES, file)
    changed = [replace(MESSAGES[0], text="操场跑道破损，学生摔倒。"), MESSAGES[2]]
    assert same(remembered_features(changed, file), features_of(changed))
    read = read_features(file)
    assert read is not None
    assert same(read, features_of(changed))


@pytest.mark.parametrize("cut_at", [0, 1, 100, -1])
def test_a_damaged_file_is_made_again(tmp_path: Path, cut_at: int) -> None:
    file = tmp_path / "features.npz"
    write_features(features_of(MESSAGES), file)
    file.write_bytes(file.read_bytes()[:cut_at])
    assert same(remembered_features(MESSAGES, file), features_of(MESSAGES))
    assert read_features(file) is not None


def test_a_file_of_another_version_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "features.npz"
    np.savez(file, version=np.array(FEATURES_VERSION + 1))
    assert read_features(file) is None


def test_a_folder_that_refuses_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("no folder")
    assert same(remembered_features(MESSAGES, tmp_path / "occupied" / "f.npz"), features_of(MESSAGES))
