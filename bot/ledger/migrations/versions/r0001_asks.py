"""Asks, the quotes they were answered by, ratings, settings and conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "asks",
        sa.Column("id", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("surface", sa.String(40), nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("understood", sa.Text, nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("answerer", sa.String(40), nullable=False),
        sa.Column("generation", sa.String(100), nullable=False),
        sa.Column("milliseconds", sa.Float, nullable=False),
        sa.Column("message", sa.BigInteger),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_at", "asks", ["at"])
    op.create_index("ix_asks_message", "asks", ["message"])
    op.create_index("ix_asks_member_at", "asks", ["member", "at"])
    op.create_index("ix_asks_guild_at", "asks", ["guild", "at"])
    op.create_table(
        "cited",
        sa.Column("ask_id", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("article_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("published", sa.Date),
        sa.Column("passage_id", sa.Text, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name="fk_cited_ask_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ask_id", "n", name="pk_cited"),
    )
    op.create_table(
        "ratings",
        sa.Column("ask_id", sa.String(12), nullable=False),
        sa.Column("member", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["asks.id"], name="fk_ratings_ask_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ask_id", "member", name="pk_ratings"),
    )
    op.create_table(
        "settings",
        sa.Column("guild", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("channel", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("guild", "channel", "key", name="pk_settings"),
    )
    op.create_table(
        "turns",
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("member", sa.String(40)),
        sa.Column("turns", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_turns"),
    )
    op.create_index("ix_turns_at", "turns", ["at"])
    op.create_index("ix_turns_guild", "turns", ["guild"])
    op.create_index("ix_turns_member", "turns", ["member"])


def downgrade() -> None:
    """Drop them."""
    for table in ("turns", "settings", "ratings", "cited", "asks"):
        op.drop_table(table)
