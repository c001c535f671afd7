"""Programmes of delegations

Revision ID: b4d57db9ccc9
Revises: 8f6e2160fd67
"""

import sqlalchemy as sa
from alembic import op

revision = 'b4d57db9ccc9'
down_revision = '8f6e2160fd67'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('visit_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'superseded', name='versionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proven', sa.Boolean(), nullable=False),
    sa.Column('unmet', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['delegation.event_id'], name=op.f('fk_visit_plan_event_id_delegation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['user.id'], name=op.f('fk_visit_plan_made_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_plan'))
    )
    with op.batch_alter_table('visit_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_plan_event_id'), ['event_id'], unique=False)
        batch_op.create_index('uq_visit_plan_draft', ['event_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.create_index('uq_visit_plan_published', ['event_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('host_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=False),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['host_id'], ['visit_host.id'], name=op.f('fk_host_visit_host_id_visit_host'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['plan_id'], ['visit_plan.id'], name=op.f('fk_host_visit_plan_id_visit_plan'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_visit')),
    sa.UniqueConstraint('plan_id', 'host_id', 'group_number', name=op.f('uq_host_visit_plan_id_host_id_group_number'))
    )
    with op.batch_alter_table('host_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_visit_host_id'), ['host_id'], unique=False)

    op.create_table('visitor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=True),
    sa.Column('useful', sa.Boolean(), nullable=True),
    sa.Column('label', sa.Enum('no_interest', 'follow_up', 'negotiating', 'agreed', name='label', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('useful IS NULL OR held', name=op.f('ck_visitor_useful_when_held')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_visitor_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_visitor_registration_id_registration'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['visit_id'], ['host_visit.id'], name=op.f('fk_visitor_visit_id_host_visit'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visitor')),
    sa.UniqueConstraint('visit_id', 'registration_id', name=op.f('uq_visitor_visit_id_registration_id'))
    )
    with op.batch_alter_table('visitor', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visitor_registration_id'), ['registration_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('visitor', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visitor_registration_id'))

    op.drop_table('visitor')
    with op.batch_alter_table('host_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_host_visit_host_id'))

    op.drop_table('host_visit')
    with op.batch_alter_table('visit_plan', schema=None) as batch_op:
        batch_op.drop_index('uq_visit_plan_published', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index('uq_visit_plan_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index(batch_op.f('ix_visit_plan_event_id'))

    op.drop_table('visit_plan')
