"""Which organisations belong to an institution, as far as somebody declared it (M24-18)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Instant


class InstitutionTie(SQLModel, table=True):
    """A branch or technical supporter of an institution, by unified social credit code, and who says so."""

    __tablename__ = "institution_tie"
    __table_args__ = (UniqueConstraint("institution_id", "uscc", "kind", name="one_tie_of_a_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    institution_id: int = Field(foreign_key="institution.id")
    uscc: str = Field(index=True)
    kind: str
    source: str
    by: str
    at: datetime = Field(sa_type=Instant)
