"""The two recommendation forms, field by field as printed, and what an application on one of them must be.

附件1 is filed by training institutions, 附件2 by evaluation institutions (CQ23-A1, CQ23-A2, B3-A).
"""

from states.forms.application import (
    Application,
    Commitment,
    EvaluationApplication,
    EvaluationYear,
    Person,
    Premises,
    QuestionSetter,
    Recommendation,
    TaxYear,
    Teacher,
    TrainingApplication,
    TrainingYear,
    application_from_json,
)
from states.forms.checking import Outcome, check
from states.forms.fields import Column, Field, Form, FormKind, Level, Section, Takes
from states.forms.forms import form_of
from states.forms.lengths import characters
from states.forms.notes import CertificateClass, UnitType
from states.forms.problems import Problem

__all__ = [
    "Application",
    "CertificateClass",
    "Column",
    "Commitment",
    "EvaluationApplication",
    "EvaluationYear",
    "Field",
    "Form",
    "FormKind",
    "Level",
    "Outcome",
    "Person",
    "Premises",
    "Problem",
    "QuestionSetter",
    "Recommendation",
    "Section",
    "Takes",
    "TaxYear",
    "Teacher",
    "TrainingApplication",
    "TrainingYear",
    "UnitType",
    "application_from_json",
    "characters",
    "check",
    "form_of",
]
