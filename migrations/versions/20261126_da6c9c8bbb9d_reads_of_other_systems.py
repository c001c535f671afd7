"""Reads of other systems

Revision ID: da6c9c8bbb9d
Revises: 7955483b563c
"""

import sqlalchemy as sa
from alembic import op

revision = 'da6c9c8bbb9d'
down_revision = '7955483b563c'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_reads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('minute', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['token_id'], ['api_token.id'], name=op.f('fk_api_reads_token_id_api_token'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_reads')),
    sa.UniqueConstraint('token_id', name=op.f('uq_api_reads_token_id'))
    )


def downgrade() -> None:
    op.drop_table('api_reads')
