"""The cast: one person for each role, a colleague, a rival, somebody locked out, and nobody."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from accounts import operations
from accounts.enums import Role
from accounts.models import User
from core import clock
from core.db import session, write

PASSWORD = "correct horse battery staple"


class Cast:
    """People are made when a test first names them."""

    names = (
        "administrator", "officer", "council_secretary", "council_member", "introducer", "door_staff",
        "firm_owner", "firm_colleague", "rival_owner", "bank", "university", "supplier", "disabled",
    )  # fmt: skip

    def _person(self, name: str, *roles: Role) -> User:
        with write():
            return operations.create_user(
                email=f"{name}@cast.example",
                name=f"Người {name}",
                password_hash=operations.hash_password(PASSWORD),
                roles=roles,
                at=clock.now(),
                by=None,
            )

    def _member(self, name: str, organisation: Any, role: str = "owner", *roles: Role) -> User:
        from companies.enums import MembershipRole
        from companies.models import Membership

        user = self._person(name, *roles)
        with write():
            session.add(
                Membership(
                    user_id=user.id, organisation_id=organisation.id, role=MembershipRole(role), since=clock.now()
                )
            )
        return user

    def _organisation(self, name: str, tax_code: str | None, *kinds: str, **columns: Any) -> Any:
        from companies.enums import Kind
        from companies.models import Organisation, OrganisationKind

        with write():
            row = Organisation(
                name_vi=name, tax_code=tax_code, kind_rows=[OrganisationKind(kind=Kind(k)) for k in kinds], **columns
            )
            session.add(row)
        return row

    # organisations
    @cached_property
    def firm(self) -> Any:
        return self._organisation("Công ty CP Cơ khí Minh Hoạ 01", "0090000019", "firm")

    @cached_property
    def rival(self) -> Any:
        return self._organisation("Công ty CP Cơ khí Đối Thủ 02", "0090000026", "firm")

    @cached_property
    def bank_organisation(self) -> Any:
        return self._organisation("Ngân hàng TMCP Thí Dụ", "0090000033", "bank")

    @cached_property
    def university_organisation(self) -> Any:
        return self._organisation("Trường Đại học Thí Dụ", None, "university")

    @cached_property
    def supplier_organisation(self) -> Any:
        return self._organisation(
            "Beispiel Maschinen GmbH (demo)", None, "technology_supplier", foreign_id="DE-DEMO-1", country="DE"
        )

    @cached_property
    def zone_board(self) -> Any:
        return self._organisation("Ban Quản lý Khu công nghiệp Thí Dụ", None, "zone_board")

    # staff
    @cached_property
    def administrator(self) -> User:
        return self._person("administrator", Role.ADMINISTRATOR)

    @cached_property
    def officer(self) -> User:
        return self._person("officer", Role.OFFICER)

    @cached_property
    def council_secretary(self) -> User:
        return self._person("council_secretary", Role.COUNCIL_SECRETARY)

    @cached_property
    def council_member(self) -> User:
        return self._person("council_member", Role.COUNCIL_MEMBER)

    @cached_property
    def introducer(self) -> User:
        return self._member("introducer", self.zone_board, "member", Role.INTRODUCER)

    @cached_property
    def door_staff(self) -> User:
        return self._person("door_staff", Role.DOOR_STAFF)

    # organisations' people
    @cached_property
    def firm_owner(self) -> User:
        return self._member("firm_owner", self.firm)

    @cached_property
    def firm_colleague(self) -> User:
        return self._member("firm_colleague", self.firm, "member")

    @cached_property
    def rival_owner(self) -> User:
        return self._member("rival_owner", self.rival)

    @cached_property
    def bank(self) -> User:
        return self._member("bank", self.bank_organisation)

    @cached_property
    def university(self) -> User:
        return self._member("university", self.university_organisation)

    @cached_property
    def supplier(self) -> User:
        return self._member("supplier", self.supplier_organisation)

    @cached_property
    def disabled(self) -> User:
        user = self._person("disabled", Role.OFFICER)
        with write():
            user.disabled_at = clock.now()
        return user
