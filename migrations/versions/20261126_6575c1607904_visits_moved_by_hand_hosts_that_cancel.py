"""Visits moved by hand, hosts that cancel

Revision ID: 6575c1607904
Revises: e3e5524f59fb
"""

import sqlalchemy as sa
from alembic import op

revision = '6575c1607904'
down_revision = 'e3e5524f59fb'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('host_visit') as batch_op:
        batch_op.add_column(sa.Column('locked', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('visit_host') as batch_op:
        batch_op.add_column(sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cancelled_reason', sa.String(length=500), nullable=False, server_default=''))
        batch_op.create_check_constraint(
            op.f('ck_visit_host_cancelled_reason_length'), 'length(cancelled_reason) <= 500'
        )

    with op.batch_alter_table('visit_plan') as batch_op:
        batch_op.add_column(sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('groups', sa.JSON(), nullable=False, server_default='[]'))

    for table, column in (("host_visit", "locked"), ("visit_host", "cancelled_reason"), ("visit_plan", "groups")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('visit_plan') as batch_op:
        batch_op.drop_column('groups')
        batch_op.drop_column('edited_at')

    with op.batch_alter_table('visit_host') as batch_op:
        batch_op.drop_constraint(op.f('ck_visit_host_cancelled_reason_length'), type_='check')
        batch_op.drop_column('cancelled_reason')
        batch_op.drop_column('cancelled_at')

    with op.batch_alter_table('host_visit') as batch_op:
        batch_op.drop_column('locked')

