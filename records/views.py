"""How somebody likes to look at a table: filters kept under a name, columns chosen."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from records.types import Instant


class SavedView(SQLModel, table=True):
    """A page's filters under a name, as in its address; ``shared`` with whoever has the same role and scope."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "page", "name", name="one_view_of_a_name"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    page: str
    name: str
    filters: str
    shared: bool = False
    made_at: datetime = Field(sa_type=Instant)


class ShownColumns(SQLModel, table=True):
    """The columns somebody wants of a page's table, in the page's order, separated by spaces."""

    __tablename__ = "shown_columns"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    page: str = Field(primary_key=True)
    columns: str
