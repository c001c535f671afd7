"""Faults of lists in English

Revision ID: 5b1f0c9a7d33
Revises: 23aff4845147
"""

import sqlalchemy as sa
from alembic import op

revision = '5b1f0c9a7d33'
down_revision = '23aff4845147'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('import_run', 'past_list'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('report_en_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f'fk_{table}_report_en_id_stored_file'), 'stored_file', ['report_en_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    for table in ('import_run', 'past_list'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f'fk_{table}_report_en_id_stored_file'), type_='foreignkey')
            batch_op.drop_column('report_en_id')
