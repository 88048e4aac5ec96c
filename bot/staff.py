"""Staff (工作人员): who may use the staff functions, and for what."""

from __future__ import annotations

import getpass
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UsageError
from knowledge.yaml_reader import Entry


class Role(StrEnum):
    """What a member of the staff may do. Each role may do what those before it may."""

    VIEWER = "viewer"
    """查看: live look-up, hot topics, gaps, sealed briefings, rehearsal."""
    EDITOR = "editor"
    """编辑: events, briefings, records of events, follow-ups."""
    REVIEWER = "reviewer"
    """审核: 初审、复审、终审."""
    KEEPER = "keeper"
    """管理: may act on this machine under another member's name (records kept for somebody)."""

    def may(self, needed: Role) -> bool:
        """Whether this role is enough."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


ROLE_NAMES = {Role.VIEWER: "查看", Role.EDITOR: "编辑", Role.REVIEWER: "审核", Role.KEEPER: "管理"}


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person. ``telegram`` is the number of the account, ``login`` the account on this machine."""

    name: str
    role: Role
    telegram: int | None = None
    login: str = ""


class NotStaff(UsageError):
    """Somebody who is not on the list, or whose role is not enough, asked for a staff function."""


@dataclass(frozen=True, slots=True)
class StaffList:
    """The allow-list. Empty: nobody over Telegram; on this machine every account with access to the data."""

    members: tuple[StaffMember, ...] = ()

    def on_this_machine(self, needed: Role, by: str | None = None) -> StaffMember:
        """Who acts in a command.

        Without a list the name is taken as given: whoever can run commands here can change the data anyway.

        Args:
            by: the name that was given; only a keeper may give another's.

        Raises:
            NotStaff: the account is not on the list, or its role is not enough.
        """
        login, given = login_name(), (by or "").strip()
        if not self.members:
            return StaffMember(given or login, Role.KEEPER, login=login)
        acting = next((member for member in self.members if member.login == login), None)
        if acting is None:
            raise NotStaff(f"本机账号 {login} 不在工作人员名单里，请管理员在配置文件的 staff 里加上")
        if given and name_key(given) != name_key(acting.name):
            acting = self._other(given, acting)
        return require(acting, needed)

    def _other(self, name: str, acting: StaffMember) -> StaffMember:
        key = name_key(name)
        found = next((member for member in self.members if name_key(member.name) == key), None)
        if not acting.role.may(Role.KEEPER):
            raise NotStaff(f"{acting.name} 不能用别人的名字（{name}）办理")
        if found is None:
            raise NotStaff(f"工作人员名单里没有“{name}”")
        return found


def require(member: StaffMember, needed: Role) -> StaffMember:
    """The member, where the role is enough.

    Raises:
        NotStaff: says which role is needed.
    """
    if not member.role.may(needed):
        raise NotStaff(f"{member.name} 的权限是“{ROLE_NAMES[member.role]}”，这一步需要“{ROLE_NAMES[needed]}”")
    return member


def read_staff(entries: Sequence[Entry]) -> StaffList:
    """The list as it stands in the settings; problems are reported to the entries."""
    members = tuple(_read_member(entry) for entry in entries)
    for number, (entry, member) in enumerate(zip(entries, members, strict=True)):
        for other in members[:number]:
            for key, same in (
                ("name", name_key(member.name) == name_key(other.name)),
                ("telegram", member.telegram is not None and member.telegram == other.telegram),
                ("login", bool(member.login) and member.login == other.login),
            ):
                if same:
                    entry.problem(key, f"和“{other.name}”重复")
    return StaffList(members)


def _read_member(entry: Entry) -> StaffMember:
    member = StaffMember(
        name=entry.text("name"),
        role=entry.choice("role", Role),
        telegram=entry.number("telegram") if entry.has("telegram") else None,
        login=entry.text("login", ""),
    )
    if member.name and not name_key(member.name):
        entry.problem("name", f"“{member.name}”里没有字，不能当姓名")
    entry.finish()
    return member


def name_key(name: str) -> str:
    """A name without what tells no two people apart: width, case, blanks, dots and invisible characters.
    Empty where nothing of a name is left."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def login_name() -> str:
    """The account on this machine under which this process runs.

    Not from LOGNAME or USER where the system can be asked: anybody can set these.
    """
    try:
        import pwd
    except ImportError:  # Windows
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container without names of users
        return "未署名"
