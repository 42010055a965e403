"""Every table, in one place to import: what migrations and checks compare with."""

from sqlmodel import SQLModel

from records.ballots import Ballot, Decision, KeyShare, OpenedSet, ScoreSheet
from records.batches import BatchLetter, BatchLine, BatchRow, CallExtension, CallProposal
from records.cases import Case, Filing, Finding, Material
from records.drafts import ApplicationDraft, CorrectionMark, DraftPaper, PaperPosting
from records.duties import (
    Certificate,
    DutyOwed,
    Emergency,
    EmergencyNote,
    Examination,
    ExamSite,
    FeeItem,
    FeeSchedule,
    ReportedList,
    YearlyFigure,
    YearlyPlan,
    YearlyReport,
)
from records.experts import Expert, RecusalDecision
from records.history import AuditEntry, Incident
from records.letters import Letter, Notice
from records.notes import CaseNote
from records.panels import (
    DrawRound,
    EntryLink,
    FrozenPool,
    Panel,
    PanelCase,
    PanelLetter,
    PanelMeeting,
    PanelTimer,
    Seat,
)
from records.particulars import (
    ChangeDocument,
    ChangeRequest,
    ChangeValue,
    Departure,
    DepartureCase,
    Particular,
)
from records.people import OfficeMailbox, User
from records.programme import Beat, CalendarYear, CallRow, Counter, Institution, Lease, Term
from records.publication import (
    PublicationAttempt,
    PublicationDelivery,
    PublicationEdition,
    PublicationMark,
    SigningKey,
)
from records.publicity import Objection, ObjectionEvidence, ObjectionLetter, Publicity, PublicityCase
from records.renewals import RenewalApplication, RenewalDocument, RenewalFigure, RenewalWarning
from records.retention import PurgedCase, PurgedFile
from records.seal import Seal
from records.sessions import (
    FailedEntry,
    RecoveryCode,
    Registration,
    SeatVisit,
    SecondFactor,
    SpentForm,
    WebSession,
)
from records.supervision import Failing, Inspection, InspectionObject, Referral
from records.ties import InstitutionTie
from records.timers import TimerRow
from records.views import SavedView, ShownColumns

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "ApplicationDraft",
    "AuditEntry",
    "Ballot",
    "BatchLetter",
    "BatchLine",
    "BatchRow",
    "Beat",
    "CalendarYear",
    "CallExtension",
    "CallProposal",
    "CallRow",
    "Case",
    "CaseNote",
    "Certificate",
    "ChangeDocument",
    "ChangeRequest",
    "ChangeValue",
    "CorrectionMark",
    "Counter",
    "Decision",
    "Departure",
    "DepartureCase",
    "DraftPaper",
    "DrawRound",
    "DutyOwed",
    "Emergency",
    "EmergencyNote",
    "EntryLink",
    "ExamSite",
    "Examination",
    "Expert",
    "FailedEntry",
    "Failing",
    "FeeItem",
    "FeeSchedule",
    "Filing",
    "Finding",
    "FrozenPool",
    "Incident",
    "Inspection",
    "InspectionObject",
    "Institution",
    "InstitutionTie",
    "KeyShare",
    "Lease",
    "Letter",
    "Material",
    "Notice",
    "Objection",
    "ObjectionEvidence",
    "ObjectionLetter",
    "OfficeMailbox",
    "OpenedSet",
    "Panel",
    "PanelCase",
    "PanelLetter",
    "PanelMeeting",
    "PanelTimer",
    "PaperPosting",
    "Particular",
    "PublicationAttempt",
    "PublicationDelivery",
    "PublicationEdition",
    "PublicationMark",
    "Publicity",
    "PublicityCase",
    "PurgedCase",
    "PurgedFile",
    "RecoveryCode",
    "RecusalDecision",
    "Referral",
    "Registration",
    "RenewalApplication",
    "RenewalDocument",
    "RenewalFigure",
    "RenewalWarning",
    "ReportedList",
    "SavedView",
    "ScoreSheet",
    "Seal",
    "Seat",
    "SeatVisit",
    "SecondFactor",
    "ShownColumns",
    "SigningKey",
    "SpentForm",
    "Term",
    "TimerRow",
    "User",
    "WebSession",
    "YearlyFigure",
    "YearlyPlan",
    "YearlyReport",
]
