"""Merged records

Revision ID: 74ea6a666697
Revises: 778a78d7c3f0
"""

import sqlalchemy as sa
from alembic import op

revision = '74ea6a666697'
down_revision = '778a78d7c3f0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('not_duplicate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_not_duplicate_older_first')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_not_duplicate_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['first_id'], ['organisation.id'], name=op.f('fk_not_duplicate_first_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['organisation.id'], name=op.f('fk_not_duplicate_second_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_not_duplicate')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_not_duplicate_first_id_second_id'))
    )
    with op.batch_alter_table('not_duplicate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_not_duplicate_second_id'), ['second_id'], unique=False)

    op.create_table('organisation_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('kept_id != gone_id', name=op.f('ck_organisation_merge_two_records')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_organisation_merge_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['gone_id'], ['organisation.id'], name=op.f('fk_organisation_merge_gone_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['kept_id'], ['organisation.id'], name=op.f('fk_organisation_merge_kept_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_merge'))
    )
    with op.batch_alter_table('organisation_merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_merge_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index('uq_organisation_merge_standing', ['gone_id'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))



def downgrade() -> None:
    with op.batch_alter_table('organisation_merge', schema=None) as batch_op:
        batch_op.drop_index('uq_organisation_merge_standing', sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_organisation_merge_kept_id'))

    op.drop_table('organisation_merge')
    with op.batch_alter_table('not_duplicate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_not_duplicate_second_id'))

    op.drop_table('not_duplicate')
