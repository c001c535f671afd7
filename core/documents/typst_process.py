"""The process that runs Typst: standard input is the data, standard output the PDF. Started by core.documents.pdf.

Imports nothing of ours, so that it starts at once and works in an empty environment.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import typst


def main(root: str, template: str, language: str, fonts: str, memory: str, seconds: str) -> None:
    """Compile one document under the limits: `memory` in bytes of address space, `seconds` of processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) * 2, int(seconds) * 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    made = typst.compile(
        str(Path(root) / template),
        root=root,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"data": sys.stdin.buffer.read().decode(), "language": language},
        package_path="/nonexistent",
        package_cache_path="/nonexistent",
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
