"""As which application the bot was on a server: another one's servers are none that it has left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what is noted already it is not known."""
    op.add_column("guilds", sa.Column("application", sa.BigInteger))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("guilds", "application")
