"""Until when somebody acts for another

Revision ID: 7955483b563c
Revises: 9c4e2b7d1f60
"""

import sqlalchemy as sa
from alembic import op

revision = '7955483b563c'
down_revision = '9c4e2b7d1f60'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.add_column(sa.Column('acting_until', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # In words of SQL: batch mode would copy the table, and the CHECKs beside its columns would no longer be theirs.
    op.execute('ALTER TABLE sign_in DROP COLUMN acting_until')
