"""Everything to print as a file

Revision ID: bab237716bb1
Revises: 5b1f0c9a7d33
"""

import sqlalchemy as sa
from alembic import op

revision = 'bab237716bb1'
down_revision = '5b1f0c9a7d33'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('print_pack',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept_until', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(fingerprint) <= 64', name=op.f('ck_print_pack_fingerprint_length')),
    sa.CheckConstraint('length(language) <= 2', name=op.f('ck_print_pack_language_length')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_print_pack_conference_id_conference'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_print_pack_file_id_stored_file'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['timetable_version.id'], name=op.f('fk_print_pack_version_id_timetable_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_pack')),
    sa.UniqueConstraint('conference_id', 'language', name=op.f('uq_print_pack_conference_id_language'))
    )


def downgrade() -> None:
    op.drop_table('print_pack')
