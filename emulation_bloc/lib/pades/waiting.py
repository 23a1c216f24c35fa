"""Runs pyHanko's coroutines from synchronous code."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def wait_for(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run the coroutine in an event loop of its own; returns or raises what it does.

    The loop runs in its own thread because the caller's thread may already have one (Playwright's
    synchronous tests do). Blocks the caller.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
