"""Statements entered by officers

Revision ID: e3e5524f59fb
Revises: 27dc09bea9d0
"""

import sqlalchemy as sa
from alembic import op

revision = 'e3e5524f59fb'
down_revision = '27dc09bea9d0'
branch_labels = None
depends_on = None


CHANNELS = "'site', 'paper', 'deletion'"
MORE_CHANNELS = "'site', 'paper', 'phone', 'email', 'deletion'"


def _allow(channels: str) -> None:
    with op.batch_alter_table('consent', schema=None) as batch_op:
        for name in ('channel', 'withdrawn_channel'):
            batch_op.drop_constraint(batch_op.f(f'ck_consent_{name}'), type_='check')
            batch_op.create_check_constraint(batch_op.f(f'ck_consent_{name}'), f'{name} IN ({channels})')


def upgrade() -> None:
    _allow(MORE_CHANNELS)
    op.create_table('receipt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('statement', sa.Enum('consent', 'withdrawal', 'request', name='statement', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('consent_id', sa.Integer(), nullable=True),
    sa.Column('data_case_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.Enum('site', 'paper', 'phone', 'email', 'deletion', name='receipt_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('taken_by_id', sa.Integer(), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.CheckConstraint('(consent_id IS NULL) <> (data_case_id IS NULL)', name=op.f('ck_receipt_of_one')),
    sa.CheckConstraint('length(reference) <= 120', name=op.f('ck_receipt_reference_length')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_receipt_consent_id_consent'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['data_case_id'], ['data_case.id'], name=op.f('fk_receipt_data_case_id_data_case'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user.id'], name=op.f('fk_receipt_entered_by_id_user')),
    sa.ForeignKeyConstraint(['taken_by_id'], ['user.id'], name=op.f('fk_receipt_taken_by_id_user')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_receipt_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt')),
    sa.UniqueConstraint('consent_id', 'statement', name=op.f('uq_receipt_consent_id_statement')),
    sa.UniqueConstraint('data_case_id', name=op.f('uq_receipt_data_case_id'))
    )
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_user_id'), ['user_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('receipt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_user_id'))

    op.drop_table('receipt')
    for name in ('channel', 'withdrawn_channel'):
        op.execute(f"UPDATE consent SET {name} = 'paper' WHERE {name} IN ('phone', 'email')")
    _allow(CHANNELS)
