"""Mark of the directory

Revision ID: 061f383e6595
Revises: e88942fe06c0
"""

import sqlalchemy as sa
from alembic import op

revision = '061f383e6595'
down_revision = 'e88942fe06c0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('directory_stamp',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=40), nullable=False),
    sa.CheckConstraint('length(mark) <= 40', name=op.f('ck_directory_stamp_mark_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_directory_stamp'))
    )
    op.execute("INSERT INTO directory_stamp (id, mark) VALUES (1, 'new')")


def downgrade() -> None:
    op.drop_table('directory_stamp')
