"""``python -m bench``: all parts but the long one, or those named on the command line. Prints Markdown tables."""

import platform
import sys
from datetime import UTC, datetime

from bench import fetched, growth, prefetched, replayed, start, tokens, validator

PARTS = {
    "prefetched": prefetched.report,
    "tokens": tokens.report,
    "fetched": fetched.report,
    "start": start.report,
    "growth": growth.report,
    "validator": validator.report,
    "replay": replayed.report,
}
LONG_PARTS = {"minutes": start.minutes}


def main() -> None:
    parts = PARTS | LONG_PARTS
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(parts):
        sys.exit(f"bench: no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n")
    for name in wanted:
        print(parts[name](), flush=True)


if __name__ == "__main__":
    main()
