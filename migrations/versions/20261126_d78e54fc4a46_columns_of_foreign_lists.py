"""columns of foreign lists

Revision ID: d78e54fc4a46
Revises: 061f383e6595
"""

import sqlalchemy as sa
from alembic import op

revision = 'd78e54fc4a46'
down_revision = '061f383e6595'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_column',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_key', sa.String(length=120), nullable=False),
    sa.Column('sheet', sa.String(length=20), nullable=False),
    sa.Column('heading_key', sa.String(length=200), nullable=False),
    sa.Column('column', sa.String(length=120), nullable=False),
    sa.CheckConstraint('length("column") <= 120', name=op.f('ck_import_column_column_length')),
    sa.CheckConstraint('length(heading_key) <= 200', name=op.f('ck_import_column_heading_key_length')),
    sa.CheckConstraint('length(sheet) <= 20', name=op.f('ck_import_column_sheet_length')),
    sa.CheckConstraint('length(source_key) <= 120', name=op.f('ck_import_column_source_key_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_column')),
    sa.UniqueConstraint('source_key', 'sheet', 'heading_key', name=op.f('uq_import_column_source_key_sheet_heading_key'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sha256', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('layout', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('preview', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('report_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('task_id', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_import_run_source_length'), 'length(source) <= 120')
        batch_op.create_check_constraint(batch_op.f('ck_import_run_sha256_length'), 'length(sha256) <= 64')
        batch_op.create_foreign_key(batch_op.f('fk_import_run_report_id_stored_file'), 'stored_file', ['report_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_import_run_task_id_task'), 'task', ['task_id'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_run_task_id_task'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_import_run_report_id_stored_file'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_import_run_sha256_length'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_import_run_source_length'), type_='check')
        batch_op.drop_column('task_id')
        batch_op.drop_column('report_id')
        batch_op.drop_column('preview')
        batch_op.drop_column('layout')
        batch_op.drop_column('sha256')
        batch_op.drop_column('source')

    op.drop_table('import_column')