"""Walk-ins at conferences

Revision ID: 7a1c0d5e9b42
Revises: 6575c1607904
"""

import sqlalchemy as sa
from alembic import op

revision = '7a1c0d5e9b42'
down_revision = '6575c1607904'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('walk_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.Integer(), nullable=False),
    sa.Column('entered', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(reason) <= 300', name=op.f('ck_walk_in_reason_length')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_walk_in_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_walk_in_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_walk_in_participant_id_participant'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk_in')),
    sa.UniqueConstraint('participant_id', name=op.f('uq_walk_in_participant_id'))
    )
    with op.batch_alter_table('walk_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_in_conference_id'), ['conference_id'], unique=False)


def downgrade() -> None:
    op.drop_table('walk_in')
