"""Messages into the store: masked, kept once, renewed by later exports; the chat log beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.masking import Kind
from bot.models import Answer, Outcome
from bot.signals.classification.classifier import Classifier
from bot.signals.importing.models import RawMessage
from bot.signals.intake import BOT_LOG, Intake, take_in, take_in_log
from bot.store import Store
from bot.store_messages import FILE_NAME, MessageStore
from knowledge.library import Library

ASKED = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
PHONE = "139" + "02468135"
LANDLINE = "0563-" + "3" * 4 + "218"


@pytest.fixture(scope="module")
def classifier(library: Library) -> Classifier:
    return Classifier.bundled(library)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MessageStore]:
    with MessageStore(tmp_path) as opened:
        yield opened


def raw(number: int, **changes: object) -> RawMessage:
    made = RawMessage(
        title=f"第{number}件",
        text=f"旌德县梅林小学延时班第{number}周几点结束",
        at=datetime(2026, 9, 1, 8, number % 60),
        user=f"网友{number}",
        number=f"G{number:04}",
        file="九月.xlsx",
        sheet="工单",
        row=number + 2,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def written(data_dir: Path) -> bytes:
    """Every byte that the store keeps on disk."""
    return b"".join(path.read_bytes() for path in data_dir.glob(f"{FILE_NAME}*"))


def test_the_same_rows_again_change_nothing(store: MessageStore, classifier: Classifier) -> None:
    rows = [raw(n) for n in range(5)]
    first, second = take_in(rows, classifier, store), take_in(rows, classifier, store)
    assert (first.new, first.known, first.renewed) == (5, 0, 0)
    assert (second.new, second.known, second.renewed) == (0, 5, 0)
    assert not second.masked
    assert len(list(store.everything())) == 5


def test_more_than_one_batch_in_order(store: MessageStore, classifier: Classifier) -> None:
    total = 2_001
    assert take_in((raw(n) for n in range(total)), classifier, store).new == total
    assert [one.message.row for one in store.everything()] == list(range(2, total + 2))


def test_a_reply_that_comes_later_is_added_and_masked(store: MessageStore, classifier: Classifier) -> None:
    take_in([raw(1), raw(2)], classifier, store)
    before = {one.message.id: one for one in store.everything()}
    answered = raw(
        1, reply=f"已办结，详询{LANDLINE}", replied_at=datetime(2026, 9, 3), file="十月.csv", sheet="", row=9
    )
    again = take_in([answered, raw(2)], classifier, store)
    assert (again.new, again.known, again.renewed) == (0, 2, 1)
    for one in store.everything():
        earlier = before[one.message.id]
        assert (one.classified, one.topic) == (earlier.classified, earlier.topic)
        changed = one.message.number == "G0001"
        expected = (
            replace(earlier.message, reply="已办结，详询[电话]", replied_at=datetime(2026, 9, 3))
            if changed
            else earlier.message
        )
        assert one.message == expected


def test_a_repeat_in_the_same_run_counts_once_and_its_reply_is_kept(
    store: MessageStore, classifier: Classifier
) -> None:
    text = f"请致电{PHONE}"
    intake = take_in([raw(1, text=text), raw(1, text=text, reply="已联系")], classifier, store)
    assert (intake.new, intake.known, intake.repeated, intake.renewed) == (1, 0, 1, 1)
    assert intake.masked == {Kind.PHONE: 1}
    (kept,) = store.everything()
    assert kept.message.reply == "已联系"


@pytest.mark.parametrize("field", ["title", "text", "reply", "area", "channel", "number"])
def test_personal_data_in_any_field_is_hidden_and_counted(
    tmp_path: Path, store: MessageStore, classifier: Classifier, field: str
) -> None:
    intake = take_in([replace(raw(1), **{field: f"请打{PHONE}"})], classifier, store)
    assert intake.masked == {Kind.PHONE: 1}
    (kept,) = store.everything()
    assert getattr(kept.message, field) == "请打[电话]"
    assert PHONE.encode() not in written(tmp_path)


def test_masks_that_the_file_brings_are_not_counted_as_ours(
    store: MessageStore, classifier: Classifier
) -> None:
    intake = take_in([raw(1, text=f"本机[电话]，另有{PHONE}")], classifier, store)
    assert intake.masked == {Kind.PHONE: 1}


def test_writers_can_be_told_apart_but_not_named(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    take_in(
        [raw(1, user="昵称甲壹"), raw(2, user="昵称甲壹"), raw(3, user="昵称乙贰"), raw(4, user="")],
        classifier,
        store,
    )
    first, same, other, nobody = (one.message.user for one in store.everything())
    assert first == same != other
    assert nobody == ""
    assert "昵称".encode() not in written(tmp_path)


def test_what_came_before_a_file_that_breaks_off_is_kept(store: MessageStore, classifier: Classifier) -> None:
    def breaking() -> Iterator[RawMessage]:
        yield from (raw(n) for n in range(3))
        raise UsageError("第二个文件损坏")

    with pytest.raises(UsageError, match="第二个文件损坏"):
        take_in(breaking(), classifier, store)
    assert len(list(store.everything())) == 3
    again = take_in((raw(n) for n in range(4)), classifier, store)
    assert (again.new, again.known) == (1, 3)


def test_the_chat_log_comes_in_once(tmp_path: Path, store: MessageStore, classifier: Classifier) -> None:
    """What other bureaus answer, and a single letter, are no questions to us."""
    with Store(tmp_path) as log:
        for user, text, outcome in (
            ("甲", f"我的电话{PHONE}，延时班几点结束", Outcome.ABSTAINED),
            ("甲", "本专科生助学贷款一年最多能贷多少", Outcome.ANSWERED),
            ("乙", "身份证在哪里办", Outcome.REDIRECT),
            ("乙", "？", Outcome.ABSTAINED),
        ):
            log.add_exchange("web", user, text, Answer(outcome, "答"), ASKED)
        questions = log.questions()
    assert take_in_log(questions, classifier, store) == 2
    assert take_in_log(questions, classifier, store) == 0
    first, second = (one.message for one in store.everything())
    assert (first.text, second.text) == (
        "我的电话[电话]，延时班几点结束",
        "本专科生助学贷款一年最多能贷多少",
    )
    assert first.user == second.user != ""
    assert (first.file, first.channel, first.title) == (BOT_LOG, "web", "")
    assert first.at == ASKED.astimezone().replace(tzinfo=None)


def test_control_characters_of_the_chat_log_hide_nothing(
    tmp_path: Path, store: MessageStore, classifier: Classifier
) -> None:
    """A chat keeps what was typed; a number torn by invisible characters becomes whole when they go."""
    with Store(tmp_path) as log:
        torn = "\x00".join(PHONE)
        log.add_exchange("web", "甲", f"\x1b[31m红字\u202e请打{torn}", Answer(Outcome.ABSTAINED, ""), ASKED)
        take_in_log(log.questions(), classifier, store)
    (kept,) = store.everything()
    assert kept.message.text == "[31m红字请打[电话]"
    assert PHONE.encode() not in written(tmp_path)


_TEXTS = st.text(st.characters(exclude_characters="\x1f"), max_size=40)
_RAW = st.builds(
    RawMessage,
    title=_TEXTS,
    text=_TEXTS,
    at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)),
    user=_TEXTS,
    number=_TEXTS,
    channel=_TEXTS,
    area=_TEXTS,
    up=st.integers(0, 10**9),
    down=st.integers(0, 10**9),
    reply=_TEXTS,
    replied_at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)),
    file=_TEXTS,
    sheet=_TEXTS,
    row=st.integers(0, 10**6),
)


@pytest.fixture
def kept_by(classifier: Classifier) -> Callable[..., Intake]:
    """Hypothesis prints what a test is given, and a classifier is long."""
    return lambda rows, store: take_in(rows, classifier, store)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_RAW, max_size=8))
def test_taking_in_anything_twice_adds_nothing(
    kept_by: Callable[..., Intake], rows: list[RawMessage]
) -> None:
    with tempfile.TemporaryDirectory() as directory, MessageStore(Path(directory)) as store:
        first = kept_by(rows, store)
        kept = {one.message.id: one for one in store.everything()}
        second = kept_by(rows, store)
        assert first.new + first.repeated == len(rows)
        assert (second.new, second.known + second.repeated) == (0, len(rows))
        assert (
            len(list(store.everything())) == first.new == len(kept) == len({row.identity() for row in rows})
        )
        for one in store.everything():
            earlier = kept[one.message.id].message
            assert replace(one.message, reply="", replied_at=None) == replace(
                earlier, reply="", replied_at=None
            )
