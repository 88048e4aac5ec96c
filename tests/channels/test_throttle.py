"""How much one user may send, and one message at a time."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.throttle import Throttle, UserLocks, Verdict

ALLOWED, NOTICE, SILENT = Verdict.ALLOWED, Verdict.NOTICE, Verdict.SILENT


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_notice_for_each_window() -> None:
    clock = Clock()
    throttle = Throttle(2, window_seconds=60, clock=clock)
    assert [throttle.check("a") for _ in range(5)] == [ALLOWED, ALLOWED, NOTICE, SILENT, SILENT]
    clock.now = 59.9
    assert throttle.check("a") is SILENT
    clock.now = 60
    assert [throttle.check("a") for _ in range(4)] == [ALLOWED, ALLOWED, NOTICE, SILENT]


def test_users_do_not_share_a_window() -> None:
    throttle = Throttle(1)
    assert [throttle.check(user) for user in "aab"] == [ALLOWED, NOTICE, ALLOWED]


def test_memory_is_bounded_by_capacity_and_by_time() -> None:
    clock = Clock()
    throttle = Throttle(1, window_seconds=60, capacity=100, clock=clock)
    for user in range(1000):
        throttle.check(user)
    assert len(throttle) == 100
    clock.now = 61
    throttle.check("later")
    assert len(throttle) == 1


async def test_turns_of_a_user_come_in_order_and_others_do_not_wait() -> None:
    locks = UserLocks()
    done: list[str] = []
    gate = asyncio.Event()

    async def work(user: str, name: str) -> None:
        async with locks.hold(user):
            if user == "slow":
                await gate.wait()
            done.append(name)

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        for name in ("s1", "s2", "s3"):
            tasks.create_task(work("slow", name))
        await tasks.create_task(work("other", "o1"))
        gate.set()
    assert done == ["o1", "s1", "s2", "s3"]
    assert len(locks) == 0


async def test_a_failure_and_a_cancelled_wait_give_the_turn_back() -> None:
    locks = UserLocks()
    with pytest.raises(ValueError, match="broken"):
        async with locks.hold("a"):
            raise ValueError("broken")
    async with locks.hold("a"):
        waiting = asyncio.create_task(_take(locks))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert len(locks) == 0
    async with asyncio.timeout(1):
        await _take(locks)


async def _take(locks: UserLocks) -> None:
    async with locks.hold("a"):
        pass
