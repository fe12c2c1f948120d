"""A recorder in a process that forks: each process writes with a thread of its own, and closes for itself."""

import os
from collections.abc import Sequence
from pathlib import Path

from tests.in_time import wait_for
from tests.records.recording import Book, Call, Made


def test_a_fork_records_with_a_thread_of_its_own(made: Made, tmp_path: Path) -> None:
    """A parent that has recorded forks, as gunicorn does with a preloaded application; both go on."""
    file = tmp_path / "written"

    def save(calls: Sequence[Call], *_: object) -> None:
        with file.open("a") as book:
            book.writelines(f"{call.name}\n" for call in calls)

    recorder = made(save)
    recorder.record(Call("parent"))
    wait_for(lambda: file.exists() and file.read_text() == "parent\n")

    child = os.fork()
    if child == 0:
        recorder.record(Call("child"))
        recorder.close()
        os._exit(7 if any(recorder.lost) else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    recorder.record(Call("parent again"))
    wait_for(lambda: file.read_text() == "parent\nchild\nparent again\n")


def test_a_child_does_not_close_for_its_parent(made: Made, book: Book) -> None:
    recorder = made(book.save)
    recorder.record(Call("1"))
    assert recorder._lane is not None
    lane = recorder._lane
    lane.process = -1
    recorder.close()
    assert not lane.closing.is_set()
    lane.wake()
    lane.thread.join(10)  # or it would write into the next test's log
