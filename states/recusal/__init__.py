"""Recusal: who may not judge whom, by which rule and on what evidence (M24-7.3b)."""

from states.recusal.applicant import Applicant, Named, applicant_of
from states.recusal.conflict import EVERY_CASE, Conflict, Decision, Verdict
from states.recusal.declaration import Declaration, declared, fresh_conflicts
from states.recusal.expert import Employment, Expert, OwnRecusal, Service, Tie, TieKind
from states.recusal.expert_index import ExpertIndex
from states.recusal.findings import findings
from states.recusal.organisation import Group, Organisation
from states.recusal.rules import RULES, Rule
from states.recusal.scope import Barred, Scope, ScopeDecision, barred, exclusions, undecided

__all__ = [
    "EVERY_CASE",
    "RULES",
    "Applicant",
    "Barred",
    "Conflict",
    "Decision",
    "Declaration",
    "Employment",
    "Expert",
    "ExpertIndex",
    "Group",
    "Named",
    "Organisation",
    "OwnRecusal",
    "Rule",
    "Scope",
    "ScopeDecision",
    "Service",
    "Tie",
    "TieKind",
    "Verdict",
    "applicant_of",
    "barred",
    "declared",
    "exclusions",
    "findings",
    "fresh_conflicts",
    "undecided",
]
