"""The words a letter may use: the contract between who owes a letter and who words it.

A context is one flat mapping from these names to ready-made strings. Every name of ``ALWAYS`` and every name
listed for the letter is given each time, except those of ``MAY_BE_ABSENT``, which then read as the empty
string. Days are spoken as 2024年6月21日 in Asia/Shanghai. Anything else in the mapping is ignored.
"""

from collections.abc import Mapping
from types import MappingProxyType

from notifications.account_vocabulary import ACCOUNT_LETTERS
from notifications.change_vocabulary import CHANGE_LETTERS, CHANGE_NOTICES, CHANGE_READERS, CHANGE_WORDS
from notifications.duty_vocabulary import DUTY_NEWS, DUTY_WORDS, OBLIGATION_LETTERS
from notifications.objection_vocabulary import OBJECTION_WORDS, OBJECTOR, OBJECTOR_LETTERS
from notifications.panel_vocabulary import EXPERT_LETTERS, EXPERT_READER, PANEL_NEWS, PANEL_WORDS
from states.roles import STAFF, Role

ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "no": "the case number, B3-SJAQ-0007",
        "kind": "评价机构 or 培训机构, by track",
        "institution": "the applicant's full name",
        "occupation": "the occupation's full name",
        "levels": "the levels applied for: 初级、中级、高级",
        "call": "the short name of the call: 第三批",
        "recommender": "the full name of the recommending province or department",
        "signer": "who signs: the full name of the office the letter comes from",
        "done_on": "the day on which what the letter tells took legal effect (D-7); for a reminder, today",
        "today": "the day the letter is dated",
        "clause": "the id of the clause the letter rests on; for an exit, that of its ground",
    }
)

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "due": "the last day allowed: of the stage the case is now in, or of the limit the letter is about",
        "days_left": "how many working days are left until that day, today not counted: the number alone, 0 allowed",
        "explanation": "how the day was worked out (WorkedOut.explanation)",
        "reason": "the reason stated with the move",
        "finding": "the finding stated with the move",
        "items": "what must be corrected, as stated; may have several lines",
        "letter_no": "the number of the recommendation letter",
        "letter_date": "the day of the recommendation letter",
        "visit_on": "the day of the site visit",
        "objection": "what the objection says, as stated",
        "correction": "what was corrected before publicity began anew; empty the first time",
        "publicity_from": "the day publicity was posted",
        "publicity_to": "the last day of publicity",
        "publicity_days": "how many working days publicity lasts, the number alone",
        "publicity_explained": "how the last day of publicity was worked out",
        "term_no": "the number of the term: 1, 2, …",
        "term_from": "the first day of the term",
        "term_to": "the last day of the term",
        "apply_from": "the first day on which renewal may be applied for",
        "apply_to": "the last day on which renewal may be applied for",
        "bar_until": "the last day without a new application, once the listing is deemed given up (M24-9.5)",
        "bar_free_from": "the first day on which a new application is possible after that",
        "correct_by": "the last day to correct a renewal application that was returned",
        "refused_ground": "the ground on which a renewal was refused, in words, with its clause",
        "ground": "the ground of the exit, or of the order to rectify, in words",
        "cooling_until": "the last day on which no new application is possible (M24-9.5)",
        "cooling_free_from": "the first day on which a new application is possible again",
        "duty": "the yearly duty, in words: 年度工作总结和下一年度计划",
        "year": "the year in which the duty is due, the number alone",
        "move_label": "what the date that moved is about: 公示期满",
        "old_due": "the day as it was told before (D-6)",
        "new_due": "the day as it stands now",
        "stage": "the stage's printed name",
        "overdue_by": "how long the limit has passed, with its unit: 12个工作日",
        "held_by": "whose move it is, in words",
        "reader": "the name of the staff member the digest is for",
        "office": "the office the staff member works for",
        "overdue": "the lines of what is past its limit",
        "due_soon": "the lines of what is due soon",
        "reminders": "the lines of other reminders",
        "incidents": "the lines of new incidents",
        "happened": "the lines of what was done since the digest before",
        "summary": "one line: how many of each",
        "stuck": "the lines of what is stuck",
        **PANEL_WORDS,
        **OBJECTION_WORDS,
        **DUTY_WORDS,
        "duties": "the lines of duties after listing that are overdue",
        **CHANGE_WORDS,
        "last_day": "the last day of service of an institution that leaves by its own will",
    }
)

_BAR = ("bar_until", "bar_free_from")

MAY_BE_ABSENT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "returned_for_correction": frozenset({"explanation"}),
        "publicity_begins": frozenset({"publicity_explained", "correction"}),
        "exited": frozenset({"finding", "reason", "cooling_until", "cooling_free_from"}),
        "date_moved": frozenset({"explanation"}),
        "filing_extended": frozenset({"explanation"}),
        "nudge": frozenset({"overdue_by", "explanation"}),
        "rectification_ordered": frozenset({"ground"}),
        "renewal_refused": frozenset(_BAR),
    }
)
"""Letter → names its context may leave out where they do not apply; its wordings ask ``{% if … %}`` first."""

_TERM = ("term_no", "term_from", "term_to", "apply_from", "apply_to")
_PUBLICITY = ("publicity_from", "publicity_to", "publicity_days", "publicity_explained")

LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "received": ("due",),
        "returned_for_correction": ("items", "due", "explanation"),
        "correction_received": (),
        "correction_due": ("due", "days_left"),
        "correction_lapsed": ("due",),
        "recommended": ("letter_no", "letter_date", "due"),
        "declined": ("reason",),
        "unrecommended": ("due",),
        "filing_closed": ("due",),
        "filing_closes_soon": ("due", "days_left"),
        "accepted": ("due",),
        "paper_received": (),
        "initial_passed": ("due",),
        "audit_passed": ("due",),
        "initial_failed": ("finding",),
        "site_visit_ordered": ("visit_on",),
        "publicity_begins": (*_PUBLICITY, "correction"),
        "not_selected": ("reason",),
        "objection_received": ("objection",),
        "objection_dismissed": ("finding",),
        "objection_upheld": ("finding",),
        "listed": _TERM,
        "renewal_window": ("term_no", "term_to", "apply_from", "apply_to", *_BAR),
        "renewal_closing": ("term_to", "apply_to", "days_left", *_BAR),
        "renewal_received": ("term_to", "apply_to"),
        "renewal_returned": ("items", "correct_by", "apply_to", "term_to", *_BAR),
        "renewal_correction_due": ("correct_by", "days_left", "term_to"),
        "renewal_corrected": ("term_to",),
        "renewal_dropped": ("term_to", "apply_to", *_BAR),
        "renewal_approved": _TERM,
        "renewal_refused": ("reason", "refused_ground", "term_to", *_BAR),
        "lapsed": ("term_to", "apply_to", *_BAR),
        "exited": ("ground", "finding", "reason", "cooling_until", "cooling_free_from"),
        "leaving_announced": ("reason", "last_day"),
        "leaving_taken_back": ("reason",),
        "rectification_ordered": ("finding", "due", "ground"),
        "rectification_received": ("due",),
        "rectification_due": ("due", "days_left"),
        "rectification_accepted": ("finding", "term_to"),
        "withdrawn": (),
        "disqualified": ("finding",),
        "duty_due": ("duty", "year", "due", "days_left"),
        "duty_overdue": ("duty", "year", "due"),
        "date_moved": ("move_label", "old_due", "new_due", "explanation"),
        "filing_extended": ("old_due", "new_due", "reason", "due", "explanation"),
        "nudge": ("stage", "due", "days_left", "overdue_by", "explanation"),
        **OBLIGATION_LETTERS,
    }
)
"""Letter → the further names it may use. A letter of its own to each reader, stored and sent."""

_LINE = ("no", "institution", "occupation", "stage", "due", "days_left", "overdue_by", "held_by", "clause")

NOTICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(
        (
            "recommendation_due",
            "paper_outstanding",
            "stage_due",
            "stage_overdue",
            "publicity_ends_soon",
            "publicity_unresolved",
            "renewal_review_due",
            "renewal_overdue",
            "objection_overdue",
            "failing_unanswered",
            "nudged",
            *CHANGE_NOTICES,
            "progress",
        ),
        _LINE,
    )
)
"""Notice → the names its one line may use. Staff only: the lines are gathered into one digest a day."""

STAFF_READER = "staff"

STAFF_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "digest": (
            "reader", "office", "today", "signer", "summary",
            "overdue", "due_soon", "duties", "reminders", "incidents", "happened",
        ),
        "escalation": ("reader", "office", "today", "signer", "summary", "stuck"),
        **PANEL_NEWS,
        **EXPERT_LETTERS,
        **OBJECTOR_LETTERS,
        **CHANGE_LETTERS,
        **DUTY_NEWS,
        **ACCOUNT_LETTERS,
    }
)  # fmt: skip
"""Letters that are about no single case; they use these names alone."""

TOLD_OUTSIDE_THE_PROCESS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "progress": STAFF,
        "date_moved": frozenset({Role.APPLICANT}),
        "filing_extended": frozenset({Role.APPLICANT}),
        "nudge": frozenset({Role.APPLICANT, Role.RECOMMENDER, Role.PROVINCE}),
        "nudged": frozenset({Role.OFFICE, Role.GROUP}),
        "digest": frozenset({STAFF_READER}),
        "escalation": frozenset({Role.HEAD}),
        **dict.fromkeys(PANEL_NEWS, frozenset({STAFF_READER})),
        **dict.fromkeys(DUTY_NEWS, frozenset({STAFF_READER})),
        **dict.fromkeys(OBLIGATION_LETTERS, frozenset({Role.APPLICANT})),
        **dict.fromkeys(EXPERT_LETTERS, frozenset({EXPERT_READER})),
        **dict.fromkeys(OBJECTOR_LETTERS, frozenset({OBJECTOR})),
        **dict.fromkeys(ACCOUNT_LETTERS, frozenset({Role.APPLICANT})),
        **CHANGE_READERS,
        "change_due": frozenset({Role.OFFICE, Role.PROVINCE}),
        "change_overdue": frozenset({Role.OFFICE, Role.PROVINCE, Role.HEAD}),
        "objection_overdue": frozenset({Role.OFFICE, Role.PROVINCE, Role.HEAD}),
        "failing_unanswered": frozenset({Role.RECOMMENDER, Role.OFFICE}),
    }
)
"""Letters that no move and no timer of a process declares, with their readers.

``progress`` stands in a digest for a formal letter to an office that has no mailbox on record.
"""


def may_use(letter: str) -> frozenset[str]:
    """The names a letter's or notice's wording may use. KeyError when there is no such letter."""
    if letter in NOTICES:
        return frozenset(NOTICES[letter])
    if letter in STAFF_LETTERS:
        return frozenset(STAFF_LETTERS[letter])
    return frozenset((*ALWAYS, *LETTERS[letter]))


def is_notice(letter: str, role: str) -> bool:
    """Whether that letter reaches that role as a line of the daily digest."""
    return letter in NOTICES and role in STAFF
