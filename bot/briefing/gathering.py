"""What is known before an event: topics and gaps of citizens' messages, the chat log, earlier events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.briefing.forecast.models import BotQuestion, EarlierQuestion, HotQuestion, hot_question
from bot.briefing.models import EarlierAnswer, Event
from bot.models import Answer
from bot.signals.gaps import Gap
from bot.signals.models import Answerer
from bot.signals.questions import question_of
from bot.store import kept_questions
from bot.store_followups import FollowUpStore
from bot.store_messages import FILE_NAME as MESSAGES_NAME
from bot.store_messages import MessageStore

_TOPICS = 60
"""Hottest topics of ours that are looked at."""
_TOPICS_GROUPED = 2_000
"""Topics among which ours are looked for: most of a town's messages are for other bureaus."""
_QUESTIONS_ASKED = 300
"""Questions of messages put to the assistant for gaps: some two seconds."""
_EARLIER_REPLIES = 200
"""Newest replies to messages that lines are compared with."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything but the library that a forecast and the checks look at. All of it is masked."""

    hot: tuple[HotQuestion, ...] = ()
    gaps: tuple[Gap, ...] = ()
    bot: tuple[BotQuestion, ...] = ()
    earlier: tuple[EarlierQuestion, ...] = ()
    answers: tuple[EarlierAnswer, ...] = ()


def gather(
    data_dir: Path,
    retention_days: int,
    event: Event,
    answer: Callable[[str], Answer],
    progress: Progress | None = None,
) -> Gathered:
    """Read the stores of a data directory; what is not there is left empty.

    Args:
        retention_days: questions of the chat log that are older are not read.
        answer: the assistant as of the day of the event.
    """
    log = Counter(question.question for question in kept_questions(data_dir, retention_days))
    with FollowUpStore(data_dir) as followups:
        earlier = tuple(
            EarlierQuestion(asked.question, asked.event, (event.date - asked.on).days)
            for asked in followups.earlier_questions(event.date)
        )
    bot = tuple(BotQuestion(question, times) for question, times in log.most_common())
    gathered = Gathered(bot=bot, earlier=earlier, answers=earlier_answers(data_dir))
    if not (data_dir / MESSAGES_NAME).exists():
        return gathered
    from bot.signals.overview import gap_report  # wants scipy, which those without messages may not have

    with MessageStore(data_dir) as messages:
        return replace(
            gathered,
            hot=_hot(messages, data_dir),
            gaps=gap_report(messages, answer, None, date.max, progress, _QUESTIONS_ASKED).gaps,
        )


def _hot(messages: MessageStore, data_dir: Path) -> tuple[HotQuestion, ...]:
    """The hottest topics of ours in the words of the message that says each best."""
    from bot.signals.overview import overview

    found = overview(messages, data_dir, None, most=_TOPICS_GROUPED)
    ours = [topic for topic in found.topics if topic.answerer is not Answerer.OTHER][:_TOPICS]
    chosen = messages.get([topic.representative for topic in ours])
    return tuple(hot_question(topic, chosen[topic.representative].message, found.as_of) for topic in ours)


def earlier_answers(data_dir: Path) -> tuple[EarlierAnswer, ...]:
    """What the bureau answered before: at events, and the newest replies to messages."""
    with FollowUpStore(data_dir) as followups:
        answers = followups.earlier_answers()
    if not (data_dir / MESSAGES_NAME).exists():
        return answers
    with MessageStore(data_dir) as messages:
        return (*answers, *_replies(messages))


def _replies(messages: MessageStore) -> Iterator[EarlierAnswer]:
    """Newest official replies to messages that were ours."""
    for stored in messages.replied(_EARLIER_REPLIES):
        message = stored.message
        yield EarlierAnswer(
            question_of(message.title, message.text) or message.title,
            message.reply,
            message.replied_at.date() if message.replied_at else None,
            f"对诉求的答复（{message.file} 第 {message.row} 行）",
        )
