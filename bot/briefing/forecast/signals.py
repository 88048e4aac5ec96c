"""What each source says about which matters will come up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.briefing.changes import LOOK_BACK, changed_texts
from bot.briefing.forecast.matters import Matters
from bot.briefing.forecast.models import ForecastInputs, Matter, Signal
from bot.briefing.forecast.resting import Reader
from bot.briefing.forecast.topics import Topics, topics_of
from bot.briefing.forecast.weights import weights
from bot.briefing.forecast.wordings import say
from bot.briefing.models import WhySource

_LONGEST_TITLE = 24
_EARLIER_FADES = 365.0
"""Days after which an earlier event counts half."""
_MONTHS = 12
_SOMETHING = 0.1
"""Less than this share of a topic's words says nothing."""


@dataclass(frozen=True)
class Signals:
    """The word of all sources. ``near`` says how far each matter is of each topic of the event."""

    given: ForecastInputs
    reader: Reader
    topics: Topics
    matters: Matters

    def all(self) -> list[Signal]:
        """Citizens' sources first: they bring matters that the library does not word."""
        heard = [*self._hot(), *self._bot(), *self._gaps(), *self._earlier()]
        return [*heard, *self._policy(), *self._calendar(), *self._standing()]

    def near(self, matter: Matter) -> dict[str, float]:
        """Each topic of the event with how far the matter is of it, 0..1; 0 below the floor."""
        found = self._distances(matter)
        return {topic: value if value >= self._floor else 0.0 for topic, value in found.items()}

    def any_topic(self) -> bool:
        """Whether the event has topics of which the library holds something; if not, all of it counts."""
        return bool(self._wanted)

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        return tuple(topic for topic in topics_of(self.given.event) if self.topics.known(topic))

    @cached_property
    def _floor(self) -> float:
        """``near_topic``; lower where so few questions are that near that the list would stay short."""
        values = sorted((max(self._distances(matter).values()) for matter in self.matters), reverse=True)
        fewest = values[: weights().fewest]
        return max(min(weights().near_topic, *fewest[-1:]), _SOMETHING)

    def _distances(self, matter: Matter) -> dict[str, float]:
        document = matter.resting.document
        return {
            topic: self.topics.near(topic, document, matter.tokens, matter.columns) for topic in self._wanted
        }

    def _relevance(self, matter: Matter) -> float:
        """1 in the middle of a topic, ``outside_topics`` far from all."""
        if not self.any_topic():
            return 1.0
        near: float = max(self.near(matter).values()) ** weights().focus
        return max(near, weights().outside_topics)

    def _standing(self) -> Iterator[Signal]:
        """Each topic has the same part, shared by the library's matters; without topics each document has."""
        shares: dict[tuple[str, str], float] = {}
        for matter in (one for one in self.matters if one.rank):
            near = self.near(matter) if self.any_topic() else {matter.resting.document: 1.0}
            for topic, found in near.items():
                shares[topic, matter.resting.key] = (
                    found ** weights().focus * matter.rank ** -weights().rank_exponent
                )
        totals: dict[str, float] = {}
        for (topic, _), share in shares.items():
            totals[topic] = totals.get(topic, 0.0) + share
        for (topic, key), share in shares.items():
            if share:
                name = "standing" if self.any_topic() else "standing_all"
                yield Signal(WhySource.STANDING, key, share / totals[topic], say(name, topic=topic))

    def _calendar(self) -> Iterator[Signal]:
        month = self.given.event.date.month
        following = month % _MONTHS + 1
        strength = {month: 1.0, following: weights().next_month}
        for entry in self.given.library.calendar:
            if entry.month not in strength:
                continue
            name = "calendar" if entry.month == month else "calendar_next"
            text = say(name, month=str(entry.month), season=entry.name)
            touched = []
            for matter in self.matters:
                near = max(self.near(matter).values()) if self.any_topic() else 1.0
                season = self.topics.season(entry, matter.resting.document, matter.tokens) if near else 0.0
                if season:
                    share = strength[entry.month] * season**2 * near ** weights().focus
                    touched.append(Signal(WhySource.CALENDAR, matter.resting.key, share, text, near))
            yield from _counted_once(touched)

    def _policy(self) -> Iterator[Signal]:
        on = self.given.event.date
        for text in changed_texts(self.given.library, self.given.as_of, on):
            away = abs((on - (text.change.on or on)).days)
            freshness = 1 - away / (LOOK_BACK.days + 1)
            said = say("policy", what=f"{_short(text.change.title)}，{text.change.what.rstrip('。')}")
            touched = [matter for matter in self.matters if matter.refs & set(text.facts)]
            near = [(matter.resting.key, self._relevance(matter)) for matter in touched]
            yield from _counted_once(
                [Signal(WhySource.POLICY, key, freshness * share, said, share) for key, share in near]
            )

    def _hot(self) -> Iterator[Signal]:
        ours = sorted((hot for hot in self.given.hot if hot.ours), key=lambda hot: (-hot.heat, hot.title))
        for hot in ours[: weights().most_answers]:
            wording = hot.question or hot.title
            resting = self.reader.asked(wording)
            if not hot.question and not resting.faq:
                continue  # a complaint in its own words is no question
            name = "hot" if hot.recent else "hot_quiet"
            text = say(
                name,
                title=_short(hot.title),
                recent=str(hot.recent),
                growth=f"{hot.growth:.1f}",
                messages=str(hot.messages),
            )
            yield from self._heard(WhySource.HOT, wording, hot.heat, hot.messages, text, hot.office)

    def _bot(self) -> Iterator[Signal]:
        asked = sorted(self.given.bot, key=lambda one: (-one.times, one.question))
        for one in asked[: weights().most_answers]:
            text = say("bot", times=str(one.times))
            yield from self._heard(WhySource.BOT, one.question, float(one.times), one.times, text)

    def _gaps(self) -> Iterator[Signal]:
        for gap in self.given.gaps[: weights().most_answers]:
            text = say("gap", times=str(gap.times))
            yield from self._heard(WhySource.GAP, gap.question, float(gap.times), gap.times, text, gap.office)

    def _earlier(self) -> Iterator[Signal]:
        asked = sorted(self.given.earlier, key=lambda one: (one.days_ago, one.question))
        for one in asked[: weights().most_answers]:
            strength = 0.5 ** (one.days_ago / _EARLIER_FADES)
            text = say("earlier", event=one.event, days=str(one.days_ago))
            yield from self._heard(WhySource.EARLIER, one.question, strength, 1, text)

    def _heard(
        self, source: WhySource, wording: str, strength: float, count: int, text: str, office: str = ""
    ) -> Iterator[Signal]:
        """The signal of something that a citizen said, where it is a question to us."""
        matter = self.matters.said(wording, self.reader.asked(wording))
        if matter is not None:
            if office and not matter.resting.faq:
                matter.office = office
            near = self._relevance(matter)
            yield Signal(source, matter.resting.key, strength * near, text, count * near)


def _counted_once(touched: Sequence[Signal]) -> Iterator[Signal]:
    """The signals of one change or season: together they count as the one that is nearest to the event's
    topics, however many matters it touches."""
    most = max((signal.count for signal in touched), default=0.0)
    for signal in touched:
        yield replace(signal, count=most / len(touched))


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
