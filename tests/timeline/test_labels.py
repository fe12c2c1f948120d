"""Room for words: nothing on top of anything else, and lines that fit."""

from cds_service.timeline.labels import Box, Room, width_of, wrapped


def test_a_label_takes_the_first_free_place_and_keeps_it() -> None:
    room = Room(Box(0, 0, 100, 100))
    room.take(Box(0, 0, 20, 20))
    taken, free = Box(10, 10, 30, 20), Box(40, 10, 60, 20)
    assert room.first_free([taken, free]) == free
    assert room.first_free([taken, free]) is None


def test_nothing_goes_over_the_edge() -> None:
    assert not Room(Box(0, 0, 100, 100)).is_free(Box(90, 0, 110, 10))


def test_wide_letters_take_more_room() -> None:
    assert width_of("WWW", 10) > width_of("abc", 10) > width_of("ill", 10)


def test_words_are_broken_at_blanks_only() -> None:
    lines = wrapped("one two three 99999999999999999999", 60, 12)
    assert lines == ["one two", "three", "99999999999999999999"]
    assert wrapped("", 60, 12) == [""]
