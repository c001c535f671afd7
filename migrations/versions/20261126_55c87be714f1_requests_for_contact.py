"""Requests for contact

Revision ID: 55c87be714f1
Revises: 1994ec23f6c0
"""

import sqlalchemy as sa
from alembic import op

revision = '55c87be714f1'
down_revision = '1994ec23f6c0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('firm', sa.String(length=200), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('state', sa.Enum('unconfirmed', 'open', 'forwarded', 'declined', 'accepted', 'refused', name='contactstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("purpose <> ''", name=op.f('ck_contact_request_purpose_stated')),
    sa.CheckConstraint('length(email) <= 254', name=op.f('ck_contact_request_email_length')),
    sa.CheckConstraint('length(firm) <= 200', name=op.f('ck_contact_request_firm_length')),
    sa.CheckConstraint('length(language) <= 2', name=op.f('ck_contact_request_language_length')),
    sa.CheckConstraint('length(name) <= 120', name=op.f('ck_contact_request_name_length')),
    sa.CheckConstraint('length(reason) <= 1000', name=op.f('ck_contact_request_reason_length')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_contact_request_answered_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_contact_request_decided_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_contact_request_organisation_id_organisation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_contact_request_product_id_product'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_contact_request_user_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_request'))
    )
    with op.batch_alter_table('contact_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_request_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_contact_request_email_created_at', ['email', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_request_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_contact_request_state', ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_request_user_id'), ['user_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('contact_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_request_user_id'))
        batch_op.drop_index('ix_contact_request_state')
        batch_op.drop_index(batch_op.f('ix_contact_request_organisation_id'))
        batch_op.drop_index('ix_contact_request_email_created_at')
        batch_op.drop_index(batch_op.f('ix_contact_request_created_at'))

    op.drop_table('contact_request')
