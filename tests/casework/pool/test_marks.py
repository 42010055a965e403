"""Marks that stand for identity numbers."""

import pytest

from casework.pool.marks import known_marks, marks
from records.crypt import make_key, use_key
from records.transaction import reading, transaction

NUMBER = "11010219580112000X"


@pytest.mark.clause("M24-11.6a")
def test_a_mark_tells_one_number_from_another_and_nothing_else(desk, noon):
    with transaction(desk.engine) as tx:
        mark = marks(tx, as_of=noon)
    assert mark(NUMBER) == mark(" 110102 19580112000x ")
    assert mark(NUMBER) != mark("110102195801010003")
    assert (len(mark(NUMBER)), NUMBER in mark(NUMBER)) == (64, False)


def test_marks_are_the_installation_s_own_and_stay(desk, noon):
    with transaction(desk.engine) as tx:
        assert known_marks(tx) is None
        made = marks(tx, as_of=noon)(NUMBER)
    with reading(desk.engine) as tx:
        again = known_marks(tx)
        assert again is not None
        assert again(NUMBER) == made


def test_a_new_encryption_key_leaves_marks_as_they_are(desk, noon):
    old, new = make_key(), make_key()
    use_key(old)
    with transaction(desk.engine) as tx:
        made = marks(tx, as_of=noon)(NUMBER)
    use_key(new, old)
    with transaction(desk.engine) as tx:
        assert marks(tx, as_of=noon)(NUMBER) == made
