"""Which messages were taken as questions, so that none is answered twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "replies",
        sa.Column("question", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("answer", sa.BigInteger),
        sa.Column("ask_id", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_replies"),
    )
    op.create_index("ix_replies_at", "replies", ["at"])
    op.create_index("ix_replies_guild", "replies", ["guild"])
    op.create_index("ix_replies_member", "replies", ["member"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("replies")
