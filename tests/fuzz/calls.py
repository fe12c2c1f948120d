"""Fuzz every POST address, led by coverage: ``python -m tests.fuzz.calls FOLDER -max_total_time=600`` (``make fuzz``).

An input that reaches a line no other did is kept in FOLDER, and changed further. The first answer that is not ours ends
the run with its traceback, and its input is written to a file. All options but the folder are libFuzzer's.
https://github.com/google/atheris https://llvm.org/docs/LibFuzzer.html#options
"""

import logging
import sys
from pathlib import Path

import atheris

# What is imported within is watched: some modules only as the first call needs them.
with atheris.instrument_imports(include=["cds_service"]):
    from cds_service import create_app
    from cds_service.settings import Settings
    from tests.fuzz.inputs import change, check, seeds

    logging.disable()
    _SERVICE = create_app(Settings(deadline_ms=50, audit="off", feedback="off")).test_client()
    for _, each in seeds():
        check(_SERVICE, each)

_OPTIONS = ("-max_len=20000", "-timeout=100", "-rss_limit_mb=2000", "-print_funcs=0")


def main() -> None:
    folder, *more = sys.argv[1:]
    for name, seed in seeds():
        Path(folder, name).write_bytes(seed)
    atheris.Setup(
        [sys.argv[0], folder, f"-artifact_prefix={folder}/", *_OPTIONS, *more],
        lambda given: check(_SERVICE, given),
        custom_mutator=lambda given, most, seed: change(given, most, seed, atheris.Mutate),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
