"""Wishes to be told, digests, when articles arrived, and the servers the bot is on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "wishes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ask_id", sa.String(12), nullable=False),
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("direct", sa.Boolean, nullable=False),
        sa.Column("address", sa.BigInteger),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("tried", sa.String(100), nullable=False),
        sa.Column("told_at", sa.DateTime),
        sa.Column("told_by", sa.String(12)),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name="fk_wishes_ask_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_wishes"),
    )
    op.create_index("ix_wishes_ask_id", "wishes", ["ask_id"])
    op.create_index("ix_wishes_member", "wishes", ["member"])
    op.create_table(
        "opt_outs",
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("member", name="pk_opt_outs"),
    )
    op.create_table(
        "digests",
        sa.Column("channel", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("generation", sa.String(100), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_digests"),
    )
    op.create_table(
        "arrivals",
        sa.Column("article", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("article", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"])
    op.create_table(
        "guilds",
        sa.Column("guild", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("guild", name="pk_guilds"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("guilds", "arrivals", "digests", "opt_outs", "wishes"):
        op.drop_table(table)
