"""Quotes are looked up by their article: when it has changed or is gone."""

from __future__ import annotations

from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index. An article's id may be of any length, for which PostgreSQL has hash indexes alone."""
    op.create_index("ix_cited_article_id", "cited", ["article_id"], postgresql_using="hash")


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_cited_article_id", "cited")
