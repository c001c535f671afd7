"""How long titles hold

Revision ID: 88a43cef45aa
Revises: 3fe9453e3424
"""

import sqlalchemy as sa
from alembic import op

revision = '88a43cef45aa'
down_revision = '3fe9453e3424'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('title_term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Integer(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source != ''", name=op.f('ck_title_term_sourced')),
    sa.CheckConstraint('length(source) <= 300', name=op.f('ck_title_term_source_length')),
    sa.CheckConstraint('months BETWEEN 1 AND 120', name=op.f('ck_title_term_months_range')),
    sa.CheckConstraint('since BETWEEN 2000 AND 2200', name=op.f('ck_title_term_since_range')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_title_term_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_title_term')),
    sa.UniqueConstraint('since', name=op.f('uq_title_term_since'))
    )


def downgrade() -> None:
    op.drop_table('title_term')
