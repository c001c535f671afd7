"""Makes the first administrator: `./run admin EMAIL [NAME]`. None is shipped with the site.

His first sign-in sets up the second factor. `./run admin --lost-second-factor EMAIL` is for the last administrator
who lost his telephone and his recovery codes.
"""

from __future__ import annotations

import getpass
import sys

from email_validator import EmailNotValidError, validate_email

from accounts import factors, operations, queries
from accounts.enums import Role
from app import create_app
from core import clock
from core.db import write
from core.errors import UserError


def main() -> int:
    if sys.argv[1:2] == ["--lost-second-factor"] and len(sys.argv) == 3:
        return forget_factor(sys.argv[2])
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


def forget_factor(email: str) -> int:
    """Remove somebody's second factor, by one who has the machine; the audit and a mail say so."""
    with create_app().app_context():
        user = queries.by_email(email)
        if user is None:
            print("There is no account with this address.", file=sys.stderr)
            return 1
        with write():
            factors.remove(user, by="command:admin", at=clock.now())
    print(f"The second factor of {email} is removed; the next sign-in sets it up anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
