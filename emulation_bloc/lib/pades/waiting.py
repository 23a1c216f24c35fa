"""Wait for a coroutine of pyHanko from synchronous code."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def wait_for(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run the coroutine to its end in an event loop of its own and return or raise what it does.

    The loop gets its own thread, because the caller's thread may have one already: Playwright's
    synchronous browser tests do. The caller is blocked meanwhile.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
