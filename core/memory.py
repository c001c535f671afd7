"""What a process has loaded when it begins stays for good: no search for garbage has to look through it.

The site with its libraries is about a million objects. Without this a full search stops a process for a fifth of a
second of the processor, in the middle of whatever page or task it is at.
"""

from __future__ import annotations

import gc


def keep_loaded() -> None:
    """Leave all that is loaded now out of every later search. Called once, by a process that has loaded the site."""
    gc.collect()
    gc.freeze()
