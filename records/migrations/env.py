"""What Alembic runs: the steps, on the connection ``records.upgrade`` hands over, inside its transaction."""

from typing import Any, Literal

from alembic import context

from records.tables import METADATA
from records.types import Encrypted, Instant


def _plain(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our column types as plain ones: a step must not change when a class of ours does."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Encrypted):
        return "sa.Text()"
    if type(item).__name__ == "AutoString":
        return "sa.String()" if item.length is None else f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=_plain,
    render_as_batch=True,
    compare_server_default=True,
    # SQLite's DDL is transactional once the driver leaves transactions alone, as records.engine makes it.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
