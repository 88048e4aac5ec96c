"""A briefing from its parts: forecast, lines to take, what changed, what conflicts, what the checks found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.briefing.changes import recent_changes
from bot.briefing.checking import check_briefing, conflicts
from bot.briefing.forecast import forecast, unmatched_topics
from bot.briefing.forecast.models import ForecastInputs
from bot.briefing.gathering import Gathered
from bot.briefing.lines import LineWriter
from bot.briefing.models import Briefing, Event, ForecastQuestion, OpenQuestion, QuestionCard
from bot.models import Answer
from bot.workdays import WorkCalendar
from knowledge.library import Library
from knowledge.validity import is_unverified


@dataclass(frozen=True, slots=True)
class Maker:
    """What briefings are made with.

    ``answer`` is the assistant as of the day of the event; ``as_of`` the day on which the briefing is made.
    """

    library: Library
    answer: Callable[[str], Answer]
    as_of: date
    calendar: WorkCalendar

    def questions(self, event: Event, gathered: Gathered, most: int) -> tuple[ForecastQuestion, ...]:
        """What will probably be asked, most likely first; gaps among them."""
        inputs = ForecastInputs(
            event,
            self.as_of,
            self.library,
            self.answer,
            gathered.hot,
            gathered.gaps,
            gathered.bot,
            gathered.earlier,
        )
        return forecast(inputs, most)

    def make(self, event: Event, gathered: Gathered, most: int) -> Briefing:
        """The checked briefing with at most ``most`` questions; those without a line are its gaps."""
        writer = LineWriter(self.library, event.date)
        cards: list[QuestionCard] = []
        gaps: list[OpenQuestion] = []
        for question in self.questions(event, gathered, most):
            line = writer.write(question) if question.facts else None
            if line is None:
                gaps.append(writer.open_question(question))
            else:
                cards.append(QuestionCard(question, line))
        briefing = Briefing(
            event=event,
            as_of=self.as_of,
            questions=tuple(cards),
            gaps=tuple(gaps),
            conflicts=conflicts(cards, self.library, event.date, gathered.answers),
            recent_changes=recent_changes(self.library, self.as_of, event.date),
            documents=writer.documents(cards),
            notices=self._notices(event, cards),
        )
        return replace(briefing, findings=check_briefing(briefing, self.library, gathered.answers))

    def _notices(self, event: Event, cards: list[QuestionCard]) -> tuple[str, ...]:
        found = [
            f"主题“{topic}”没有对应的已公布文件，相关问题都列为缺口"
            for topic in unmatched_topics(event, self.library)
        ]
        if any(is_unverified(self.library.facts[ref]) for card in cards for ref in card.forecast.facts):
            found.append("部分依据来自转载或文摘，引用前请核对官方原文")
        if not self.calendar.knows(event.date):
            found.append(
                f"{event.date.year}年的节假日安排还没有收录，工作日按周一至周五算；可在工作日历文件里写明"
            )
        if event.date < self.as_of:
            found.append("活动日期已过，口径按活动当天的效力写")
        return tuple(found)
