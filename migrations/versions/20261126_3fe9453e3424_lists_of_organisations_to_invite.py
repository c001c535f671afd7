"""Lists of organisations to invite

Revision ID: 3fe9453e3424
Revises: 966315700090
"""

import sqlalchemy as sa
from alembic import op

revision = '3fe9453e3424'
down_revision = '966315700090'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('length(name) <= 200', name=op.f('ck_invitation_list_name_length')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_invitation_list_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_invitation_list_task_id_task'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_list'))
    )
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_list_at'), ['at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('invitation_list', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_list_at'))

    op.drop_table('invitation_list')
