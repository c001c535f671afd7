"""Offers to take freed meeting times

Revision ID: 9c4e2b7d1f60
Revises: 5c4dd41234ee
"""

import sqlalchemy as sa
from alembic import op

revision = '9c4e2b7d1f60'
down_revision = '5c4dd41234ee'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('standby_offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_standby_offer_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_standby_offer_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standby_offer')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_standby_offer_participant_id'))
    )


def downgrade() -> None:
    op.drop_table('standby_offer')
