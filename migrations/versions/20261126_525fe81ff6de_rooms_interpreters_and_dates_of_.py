"""Rooms, interpreters and dates of conferences

Revision ID: 525fe81ff6de
Revises: 0fdf5e6652f0
"""

import sqlalchemy as sa
from alembic import op

revision = '525fe81ff6de'
down_revision = '0fdf5e6652f0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conference_interpreter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('away_slots', sa.JSON(), nullable=False),
    sa.CheckConstraint('length(label) <= 80', name=op.f('ck_conference_interpreter_label_length')),
    sa.CheckConstraint('length(language) <= 8', name=op.f('ck_conference_interpreter_language_length')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_conference_interpreter_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference_interpreter')),
    sa.UniqueConstraint('conference_id', 'label', name=op.f('uq_conference_interpreter_conference_id_label'))
    )
    op.create_table('conference_room',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conference_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('width', sa.Double(), nullable=False),
    sa.Column('depth', sa.Double(), nullable=False),
    sa.CheckConstraint('length(name) <= 80', name=op.f('ck_conference_room_name_length')),
    sa.CheckConstraint('width BETWEEN 3 AND 300 AND depth BETWEEN 3 AND 300', name=op.f('ck_conference_room_size')),
    sa.ForeignKeyConstraint(['conference_id'], ['conference.id'], name=op.f('fk_conference_room_conference_id_conference'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conference_room')),
    sa.UniqueConstraint('conference_id', 'name', name=op.f('uq_conference_room_conference_id_name'))
    )
    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mode', sa.Enum('hall', 'online', name='mode', native_enum=False, create_constraint=True, length=40), nullable=False, server_default='hall'))
        batch_op.add_column(sa.Column('wishes_open_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('timetable_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('confirm_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('criteria_vi', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('criteria_en', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('conference_table', schema=None) as batch_op:
        batch_op.add_column(sa.Column('room_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('link', sa.String(length=300), nullable=False, server_default=''))
        batch_op.create_check_constraint(batch_op.f('ck_conference_table_link_length'), 'length(link) <= 300')
        batch_op.create_index(batch_op.f('ix_conference_table_room_id'), ['room_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_conference_table_room_id_conference_room'), 'conference_room', ['room_id'], ['id'], ondelete='SET NULL')

    # Defaults are for the rows that are there; from now on the models state them.
    with op.batch_alter_table('conference', schema=None) as batch_op:
        for name in ('mode', 'criteria_vi', 'criteria_en'):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table('conference_table', schema=None) as batch_op:
        batch_op.alter_column('link', server_default=None)

    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('time_zone', sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_participant_time_zone_length'), 'length(time_zone) <= 40')



def downgrade() -> None:
    with op.batch_alter_table('participant', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_participant_time_zone_length'), type_='check')
        batch_op.drop_column('time_zone')

    with op.batch_alter_table('conference_table', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_conference_table_room_id_conference_room'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_conference_table_room_id'))
        batch_op.drop_constraint(batch_op.f('ck_conference_table_link_length'), type_='check')
        batch_op.drop_column('link')
        batch_op.drop_column('room_id')

    with op.batch_alter_table('conference', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_conference_mode'), type_='check')
        batch_op.drop_column('criteria_en')
        batch_op.drop_column('criteria_vi')
        batch_op.drop_column('confirm_until')
        batch_op.drop_column('timetable_due_at')
        batch_op.drop_column('wishes_open_at')
        batch_op.drop_column('mode')

    op.drop_table('conference_room')
    op.drop_table('conference_interpreter')
