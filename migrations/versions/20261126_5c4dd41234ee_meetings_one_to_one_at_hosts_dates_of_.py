"""Meetings one to one at hosts, dates of wishes

Revision ID: 5c4dd41234ee
Revises: 88a43cef45aa
"""

import sqlalchemy as sa
from alembic import op

revision = '5c4dd41234ee'
down_revision = '88a43cef45aa'
branch_labels = None
depends_on = None

CHECKS = {
    "desks": "desks BETWEEN 0 AND 20",
    "talk_minutes": "talk_minutes BETWEEN 0 AND minutes",
    "slot_minutes": "slot_minutes BETWEEN 5 AND 60",
}


def upgrade() -> None:
    op.create_table('visit_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.Enum('wishes', 'visits', 'after_3', 'after_6', name='question', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_visit_question_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_question')),
    sa.UniqueConstraint('registration_id', 'about', name=op.f('uq_visit_question_registration_id_about'))
    )
    op.create_table('talk_wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('by_host', sa.Boolean(), nullable=False),
    sa.Column('wish', sa.Enum('must', 'yes', 'no', name='wish', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_talk_wish_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['host_id'], ['visit_host.id'], name=op.f('fk_talk_wish_host_id_visit_host'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_talk_wish_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk_wish')),
    sa.UniqueConstraint('registration_id', 'host_id', 'by_host', name=op.f('uq_talk_wish_registration_id_host_id_by_host'))
    )
    with op.batch_alter_table('talk_wish') as batch_op:
        batch_op.create_index(batch_op.f('ix_talk_wish_host_id'), ['host_id'], unique=False)

    with op.batch_alter_table('delegation') as batch_op:
        batch_op.add_column(sa.Column('wishes_close_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('visit_host') as batch_op:
        batch_op.add_column(sa.Column('desks', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('talk_minutes', sa.Integer(), nullable=False, server_default='15'))
        batch_op.add_column(sa.Column('slot_minutes', sa.Integer(), nullable=False, server_default='15'))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('visit_host') as batch_op:  # hosts have their values: new ones bring their own
        for name in ("desks", "talk_minutes", "slot_minutes"):
            batch_op.alter_column(name, server_default=None)
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_visit_host_{name}"), condition)

    with op.batch_alter_table('visit_plan') as batch_op:
        batch_op.add_column(sa.Column('talks_unmet', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('visit_plan') as batch_op:
        batch_op.alter_column('talks_unmet', server_default=None)

    with op.batch_alter_table('visitor') as batch_op:
        batch_op.add_column(sa.Column('talk_from', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('talk_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('desk', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_visitor_visit_id_talk_from_desk'), ['visit_id', 'talk_from', 'desk'])
        batch_op.create_check_constraint(op.f('ck_visitor_talk_has_two_ends'), '(talk_from IS NULL) = (talk_until IS NULL)')



def downgrade() -> None:
    with op.batch_alter_table('visitor') as batch_op:
        batch_op.drop_constraint(op.f('ck_visitor_talk_has_two_ends'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_visitor_visit_id_talk_from_desk'), type_='unique')
        batch_op.drop_column('desk')
        batch_op.drop_column('talk_until')
        batch_op.drop_column('talk_from')

    with op.batch_alter_table('visit_plan') as batch_op:
        batch_op.drop_column('talks_unmet')

    with op.batch_alter_table('visit_host') as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_visit_host_{name}"), type_='check')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('slot_minutes')
        batch_op.drop_column('talk_minutes')
        batch_op.drop_column('desks')

    with op.batch_alter_table('delegation') as batch_op:
        batch_op.drop_column('wishes_close_at')

    with op.batch_alter_table('talk_wish') as batch_op:
        batch_op.drop_index(batch_op.f('ix_talk_wish_host_id'))

    op.drop_table('talk_wish')
    op.drop_table('visit_question')
