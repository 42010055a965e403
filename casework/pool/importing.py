"""Importing experts: a whole sheet or nothing, unless good rows alone are asked for; the same person is updated.

Twice is once: the same sheet again changes nothing. Suspended and retired experts stay so.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from casework.actors import Actor
from casework.audit import Entry, append
from casework.desk import Desk
from casework.pool.access import refuse_unless_keeper
from casework.pool.columns import BY_KEY
from casework.pool.marks import marks
from casework.pool.profile import profile_from
from casework.pool.reading import CLAUSE, PoolFile, PoolRow, Progress, read_pool_file
from casework.pool.report import PoolLine, PoolReport, RowStatus
from casework.pool.updating import Known, changes, profile_of, updated
from records.crypt import decrypt, encrypt
from records.transaction import Transaction, transaction
from states.calendar import day_of
from states.refusals import Refused

_COUNTER = "expert"
_CHUNK = 10_000
_SELECT = "SELECT identity_mark, id, code, name, employer, uscc, province, title, fields, mail, phone, profile FROM expert"
_INSERT = (
    "INSERT INTO expert (code, name, identity, identity_mark, employer, uscc, province, title, fields, mail, phone,"
    " state, profile, nonce, added_at, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,'active',?,?,?,?)"
)
_UPDATE = (
    "UPDATE expert SET name = ?, employer = ?, uscc = ?, province = ?, title = ?, fields = ?, mail = ?, phone = ?,"
    " profile = ?, updated_at = ? WHERE id = ?"
)

Changed = tuple[PoolRow, Known, Known]
"""A row, the expert as on record, and as the row makes it."""


def import_pool(
    desk: Desk,
    path: Path,
    *,
    by: Actor,
    as_of: datetime,
    partial: bool = False,
    progress: Progress | None = None,
    nonce: Callable[[], str] = lambda: token_hex(16),
) -> PoolReport:
    """Import the sheet at ``path``; one line per row.

    When any row is refused nothing is imported, unless ``partial``: then the good rows are. ``nonce`` makes the
    secret each pseudonym opens with. Raises Refused for what concerns the file as a whole, or who imports it.
    """
    refuse_unless_keeper(by)
    file = read_pool_file(path, progress=progress)
    with transaction(desk.engine) as tx:
        return _import(tx, file, by, as_of, partial, nonce)


def _import(
    tx: Transaction, file: PoolFile, by: Actor, as_of: datetime, partial: bool, nonce: Callable[[], str]
) -> PoolReport:
    if not tx.sqlite:
        # Two sheets with one new person in both: the second waits, and finds the person known.
        tx.run("LOCK TABLE expert IN SHARE ROW EXCLUSIVE MODE")
    mark = marks(tx, as_of=as_of)
    good = [(row, mark(row.values["identity"])) for row in file.rows if not row.problems]
    _refuse_mailboxes_of_others(tx, good)
    good = [(row, each) for row, each in good if not row.problems]
    known = _known(tx, [each for _, each in good])
    new = [(row, each) for row, each in good if each not in known]
    changed = _changed([(row, known[each]) for row, each in good if each in known], as_of)
    lines: dict[int, PoolLine] = {}
    if not partial and any(row.problems for row in file.rows):
        codes: Sequence[str] = [""] * len(new)
        status = {RowStatus.ADDED: RowStatus.LEFT, RowStatus.UPDATED: RowStatus.LEFT}
    else:
        codes = _add(tx, new, as_of, nonce)
        _update(tx, [each for each in changed if each[1] != each[2]], as_of)
        _note(tx, file, codes, changed, by, as_of)
        status = {}
    for (row, _), code in zip(new, codes, strict=True):
        lines[id(row)] = _line(row, status.get(RowStatus.ADDED, RowStatus.ADDED), code)
    for row, before, after in changed:
        differs = changes(before, after)
        became = status.get(RowStatus.UPDATED, RowStatus.UPDATED) if differs else RowStatus.SAME
        lines[id(row)] = _line(row, became, before.code, tuple(BY_KEY[key].heading for key in differs))
    return PoolReport(
        file.name, tuple(lines.get(id(row)) or _line(row, RowStatus.REFUSED) for row in file.rows)
    )


def _refuse_mailboxes_of_others(tx: Transaction, rows: Sequence[tuple[PoolRow, str]]) -> None:
    """Say of every row whose mailbox belongs to somebody on record whom this sheet does not name."""
    named = {mark for _, mark in rows}
    by_mail = {row.values["mail"].lower(): row for row, _ in rows}
    for code, mark, mail in tx.rows("SELECT code, identity_mark, mail FROM expert WHERE state <> 'retired'"):
        if mark not in named and (row := by_mail.get(decrypt(mail).lower())) is not None:
            row.problems.append(
                f"{row.where}「{BY_KEY['mail'].heading}」与库中专家{code}的相同；评审入口只发给本人，"
                "请填写本人邮箱（M24-7.3b）"
            )


def _known(tx: Transaction, wanted: Sequence[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), _CHUNK):
        among = tx.listed(wanted[start : start + _CHUNK])
        for row in tx.rows(f"{_SELECT} WHERE {tx.among('identity_mark')}", (among,)):
            mark, key, code, name, employer, uscc, province, title, fields, mail, phone, profile = row
            number = None if phone is None else decrypt(phone)
            found[mark] = Known(
                key, code, name, employer, uscc, province, title, fields, decrypt(mail), number,
                profile_from(profile),
            )  # fmt: skip
    return found


def _changed(rows: Iterable[tuple[PoolRow, Known]], as_of: datetime) -> list[Changed]:
    """Rows about people on record; one that cannot be applied says so among its problems and is left out."""
    found: list[Changed] = []
    for row, known in rows:
        try:
            found.append((row, known, updated(known, row.values, on=day_of(as_of))))
        except Refused as refused:
            row.problems.append(f"{row.where}{refused}")
    return found


def _add(
    tx: Transaction, rows: Sequence[tuple[PoolRow, str]], as_of: datetime, nonce: Callable[[], str]
) -> list[str]:
    if not rows:
        return []
    last = tx.run(
        "INSERT INTO counter (prefix, last) VALUES (?, ?)"
        " ON CONFLICT (prefix) DO UPDATE SET last = counter.last + excluded.last RETURNING last",
        (_COUNTER, len(rows)),
    ).fetchone()[0]
    codes = [f"ZJ{number:06d}" for number in range(last - len(rows) + 1, last + 1)]
    at = tx.encode(as_of)

    def encoded(row: PoolRow, mark: str, code: str) -> tuple[object, ...]:
        values = row.values
        phone = values.get("phone")
        return (
            code, values["name"], encrypt(values["identity"]), mark, values["employer"], values["uscc"],
            values["province"], values.get("title", ""), ",".join(values["fields"]), encrypt(values["mail"]),
            None if phone is None else encrypt(phone), profile_of(values).to_json(), nonce(), at, at,
        )  # fmt: skip

    tx.many(_INSERT, (encoded(row, mark, code) for (row, mark), code in zip(rows, codes, strict=True)))
    return codes


def _update(tx: Transaction, changed: Iterable[Changed], as_of: datetime) -> None:
    at = tx.encode(as_of)
    rows = [
        (
            after.name, after.employer, after.uscc, after.province, after.title, after.fields, encrypt(after.mail),
            None if after.phone is None else encrypt(after.phone), after.profile.to_json(), at, after.id,
        )
        for _, _, after in changed
    ]  # fmt: skip
    if rows:
        tx.many(_UPDATE, rows)


def _note(
    tx: Transaction,
    file: PoolFile,
    codes: Sequence[str],
    changed: Sequence[Changed],
    by: Actor,
    as_of: datetime,
) -> None:
    """One entry for the import, one for each expert who changed: which fields, never what they say."""
    differing = [(after.code, changes(before, after)) for _, before, after in changed if before != after]
    if not codes and not differing:
        return
    detail = {
        "sha256": file.digest, "rows": len(file.rows), "added": len(codes), "updated": len(differing),
        "refused": sum(1 for row in file.rows if row.problems),
        **({"first": codes[0], "last": codes[-1]} if codes else {}),
    }  # fmt: skip
    entries = [Entry(as_of, as_of, by.signature, "pool", "import", clause=CLAUSE, detail=detail)]
    entries += [
        Entry(
            as_of,
            as_of,
            by.signature,
            "pool",
            "update",
            clause=CLAUSE,
            detail={"expert": code, "fields": keys},
        )
        for code, keys in differing
    ]
    append(tx, entries)


def _line(row: PoolRow, status: RowStatus, code: str = "", changed: tuple[str, ...] = ()) -> PoolLine:
    return PoolLine(row.where, status, code, row.values.get("name", ""), changed, tuple(row.problems))
