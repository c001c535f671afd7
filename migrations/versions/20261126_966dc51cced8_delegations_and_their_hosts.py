"""Delegations and their hosts

Revision ID: 966dc51cced8
Revises: 8804aeb90372
"""

import sqlalchemy as sa
from alembic import op

revision = '966dc51cced8'
down_revision = '8804aeb90372'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delegation',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('destination_vi', sa.String(length=200), nullable=False),
    sa.Column('destination_en', sa.String(length=200), nullable=False),
    sa.Column('group_size', sa.Integer(), nullable=False),
    sa.Column('travel', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('group_size BETWEEN 1 AND 200', name=op.f('ck_delegation_group_size')),
    sa.CheckConstraint('length(destination_en) <= 200', name=op.f('ck_delegation_destination_en_length')),
    sa.CheckConstraint('length(destination_vi) <= 200', name=op.f('ck_delegation_destination_vi_length')),
    sa.CheckConstraint('travel BETWEEN 0 AND 600', name=op.f('ck_delegation_travel')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_delegation_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_delegation'))
    )
    op.create_table('delegation_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('begins', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('break_from', sa.Time(), nullable=True),
    sa.Column('break_until', sa.Time(), nullable=True),
    sa.CheckConstraint('(break_from IS NULL) = (break_until IS NULL)', name=op.f('ck_delegation_day_break_has_two_ends')),
    sa.CheckConstraint('ends > begins', name=op.f('ck_delegation_day_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['event_id'], ['delegation.event_id'], name=op.f('fk_delegation_day_event_id_delegation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation_day')),
    sa.UniqueConstraint('event_id', 'on', name=op.f('uq_delegation_day_event_id_on'))
    )
    op.create_table('visit_host',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('closes > opens', name=op.f('ck_visit_host_closes_after_it_opens')),
    sa.CheckConstraint('length(address) <= 300', name=op.f('ck_visit_host_address_length')),
    sa.CheckConstraint('minutes BETWEEN 15 AND 480', name=op.f('ck_visit_host_minutes')),
    sa.CheckConstraint('seats BETWEEN 1 AND 500', name=op.f('ck_visit_host_seats')),
    sa.ForeignKeyConstraint(['event_id'], ['delegation.event_id'], name=op.f('fk_visit_host_event_id_delegation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_visit_host_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_host'))
    )
    with op.batch_alter_table('visit_host', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_host_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_host_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('visit_way',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes BETWEEN 0 AND 600', name=op.f('ck_visit_way_minutes')),
    sa.CheckConstraint('one_id < other_id', name=op.f('ck_visit_way_lower_first')),
    sa.ForeignKeyConstraint(['event_id'], ['delegation.event_id'], name=op.f('fk_visit_way_event_id_delegation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['one_id'], ['visit_host.id'], name=op.f('fk_visit_way_one_id_visit_host'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['visit_host.id'], name=op.f('fk_visit_way_other_id_visit_host'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_way')),
    sa.UniqueConstraint('one_id', 'other_id', name=op.f('uq_visit_way_one_id_other_id'))
    )
    with op.batch_alter_table('visit_way', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_way_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_way_other_id'), ['other_id'], unique=False)

    op.create_table('visit_wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('wish', sa.Enum('must', 'yes', 'no', name='wish', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_visit_wish_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['host_id'], ['visit_host.id'], name=op.f('fk_visit_wish_host_id_visit_host'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_visit_wish_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_wish')),
    sa.UniqueConstraint('registration_id', 'host_id', name=op.f('uq_visit_wish_registration_id_host_id'))
    )
    with op.batch_alter_table('visit_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_wish_host_id'), ['host_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('visit_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_wish_host_id'))

    op.drop_table('visit_wish')
    with op.batch_alter_table('visit_way', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_way_other_id'))
        batch_op.drop_index(batch_op.f('ix_visit_way_event_id'))

    op.drop_table('visit_way')
    with op.batch_alter_table('visit_host', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_host_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_visit_host_event_id'))

    op.drop_table('visit_host')
    op.drop_table('delegation_day')
    op.drop_table('delegation')
