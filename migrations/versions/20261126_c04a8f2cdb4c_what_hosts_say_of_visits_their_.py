"""What hosts say of visits, their calendars, provinces of delegations

Revision ID: c04a8f2cdb4c
Revises: bab237716bb1
"""

import sqlalchemy as sa
from alembic import op

revision = 'c04a8f2cdb4c'
down_revision = 'bab237716bb1'
branch_labels = None
depends_on = None

SAID = ('held', 'useful', 'label', 'note', 'said_at', 'by_id')


def upgrade() -> None:
    op.create_table('visit_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('by_host', sa.Boolean(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=True),
    sa.Column('useful', sa.Boolean(), nullable=True),
    sa.Column('label', sa.Enum('no_interest', 'follow_up', 'negotiating', 'agreed', name='label', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('useful IS NULL OR held', name=op.f('ck_visit_report_useful_when_held')),
    sa.ForeignKeyConstraint(['by_id'], ['user.id'], name=op.f('fk_visit_report_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['host_id'], ['visit_host.id'], name=op.f('fk_visit_report_host_id_visit_host'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_visit_report_registration_id_registration'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_report')),
    sa.UniqueConstraint('registration_id', 'host_id', 'by_host', name=op.f('uq_visit_report_registration_id_host_id_by_host'))
    )
    with op.batch_alter_table('visit_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_report_host_id'), ['host_id'], unique=False)

    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('province', sa.String(length=2), nullable=True))
        batch_op.create_check_constraint(batch_op.f('ck_delegation_province_length'), 'length(province) <= 2')

    with op.batch_alter_table('visit_host', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar_key', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_visit_host_calendar_key'), ['calendar_key'])
        batch_op.create_check_constraint(
            batch_op.f('ck_visit_host_calendar_key_length'), 'length(calendar_key) <= 64'
        )

    with op.batch_alter_table('visit_outcome', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_host', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('visit_outcome', schema=None) as batch_op:  # those that are there are of members
        batch_op.alter_column('by_host', existing_type=sa.Boolean(), server_default=None)

    with op.batch_alter_table('visit_question', schema=None) as batch_op:
        batch_op.add_column(sa.Column('host_id', sa.Integer(), nullable=True))
        batch_op.alter_column('registration_id', existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f('uq_visit_question_host_id_about'), ['host_id', 'about'])
        batch_op.create_foreign_key(
            batch_op.f('fk_visit_question_host_id_visit_host'), 'visit_host', ['host_id'], ['id'], ondelete='CASCADE'
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_visit_question_one_is_asked'), '(registration_id IS NULL) <> (host_id IS NULL)'
        )

    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_token_bound'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_token_bound'), 'user_id IS NOT NULL OR address IS NOT NULL OR about IS NOT NULL'
        )

    op.execute(
        "INSERT INTO visit_report (registration_id, host_id, by_host, held, useful, label, note, at, by_id) "
        "SELECT v.registration_id, h.host_id, false, v.held, v.useful, v.label, v.note, v.said_at, v.by_id "
        "FROM visitor v JOIN host_visit h ON h.id = v.visit_id JOIN visit_plan p ON p.id = h.plan_id "
        "WHERE p.state = 'published' AND v.said_at IS NOT NULL"
    )
    with op.batch_alter_table('visitor', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_visitor_useful_when_held'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_visitor_label'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_visitor_by_id_user'), type_='foreignkey')
        for name in SAID:
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table('visitor', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('useful', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('label', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('note', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('said_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('by_id', sa.Integer(), nullable=True))
    columns = ", ".join(f"r.{'at' if name == 'said_at' else name}" for name in SAID)
    op.execute(
        f"UPDATE visitor SET ({', '.join(SAID)}) = (SELECT {columns} "  # noqa: S608 - names of ours
        "FROM visit_report r JOIN host_visit h ON h.host_id = r.host_id "
        "WHERE h.id = visitor.visit_id AND r.registration_id = visitor.registration_id AND NOT r.by_host) "
        "WHERE EXISTS (SELECT 1 FROM visit_report r JOIN host_visit h ON h.host_id = r.host_id "
        "JOIN visit_plan p ON p.id = h.plan_id WHERE p.state = 'published' AND h.id = visitor.visit_id "
        "AND r.registration_id = visitor.registration_id AND NOT r.by_host)"
    )
    with op.batch_alter_table('visitor', schema=None) as batch_op:
        batch_op.alter_column('note', existing_type=sa.Text(), server_default=None)
        batch_op.create_check_constraint(batch_op.f('ck_visitor_useful_when_held'), 'useful IS NULL OR held')
        batch_op.create_check_constraint(
            batch_op.f('ck_visitor_label'), "label IN ('no_interest', 'follow_up', 'negotiating', 'agreed')"
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_visitor_by_id_user'), 'user', ['by_id'], ['id'], ondelete='SET NULL'
        )

    op.execute("DELETE FROM token WHERE user_id IS NULL AND address IS NULL")
    with op.batch_alter_table('token', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_token_bound'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_token_bound'), 'user_id IS NOT NULL OR address IS NOT NULL')

    op.execute("DELETE FROM visit_question WHERE registration_id IS NULL")
    with op.batch_alter_table('visit_question', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_visit_question_one_is_asked'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_visit_question_host_id_visit_host'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_visit_question_host_id_about'), type_='unique')
        batch_op.alter_column('registration_id', existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column('host_id')

    op.execute("DELETE FROM visit_outcome WHERE by_host")  # they would read as the members' own
    with op.batch_alter_table('visit_outcome', schema=None) as batch_op:
        batch_op.drop_column('by_host')

    with op.batch_alter_table('visit_host', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_visit_host_calendar_key_length'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_visit_host_calendar_key'), type_='unique')
        batch_op.drop_column('calendar_key')

    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_delegation_province_length'), type_='check')
        batch_op.drop_column('province')

    with op.batch_alter_table('visit_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_report_host_id'))

    op.drop_table('visit_report')
