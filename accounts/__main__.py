"""Makes the first administrator: `./run admin EMAIL [NAME]`. None is shipped with the site."""

from __future__ import annotations

import getpass
import sys

from email_validator import EmailNotValidError, validate_email

from accounts import operations
from accounts.enums import Role
from app import create_app
from core import clock
from core.db import write
from core.errors import UserError


def main() -> int:
    if not 2 <= len(sys.argv) <= 3:
        print("./run admin EMAIL [NAME]", file=sys.stderr)
        return 2
    try:
        email = validate_email(sys.argv[1], check_deliverability=False).normalized
    except EmailNotValidError as err:
        print(err, file=sys.stderr)
        return 2
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass.getpass("Again: ") != password:
        print("The two are not the same.", file=sys.stderr)
        return 1
    with create_app().app_context():
        try:
            operations.check_password(password, email)
            hashed = operations.hash_password(password)
            with write():
                operations.create_user(
                    email=email,
                    name=sys.argv[2] if len(sys.argv) == 3 else email.partition("@")[0],
                    password_hash=hashed,
                    roles=[Role.ADMINISTRATOR],
                    at=clock.now(),
                    by="command:admin",
                )
        except UserError as err:
            print(err, file=sys.stderr)
            return 1
    print(f"{email} is an administrator now.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
