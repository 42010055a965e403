"""Every table, in one place to import: what migrations and checks compare with."""

from sqlmodel import SQLModel

from records.cases import Case, Filing, Finding, Material
from records.history import AuditEntry, Incident
from records.letters import Letter, Notice
from records.people import OfficeMailbox, User
from records.programme import Beat, CalendarYear, CallRow, Counter, Institution, Lease, Term
from records.seal import Seal
from records.timers import TimerRow

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "AuditEntry",
    "Beat",
    "CalendarYear",
    "CallRow",
    "Case",
    "Counter",
    "Filing",
    "Finding",
    "Incident",
    "Institution",
    "Lease",
    "Letter",
    "Material",
    "Notice",
    "OfficeMailbox",
    "Seal",
    "Term",
    "TimerRow",
    "User",
]
