"""Start one of the sandboxed scripts: import it, give up every power that it does not need, run it.

A script has `prepare()`, which opens what must be opened, and `main(what prepare returned, *arguments)`.
"""

import importlib
import logging
import resource
import sys
import warnings
from pathlib import Path

CPU_SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024


def lock_down() -> None:
    """Cap time and memory; from here on no file can be written and no file or socket opened."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    script = importlib.import_module(sys.argv[1])
    warnings.simplefilter("ignore")
    logging.disable()
    ready = script.prepare()
    lock_down()
    script.main(ready, *sys.argv[2:])
