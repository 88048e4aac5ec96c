"""Who may use the staff functions, under which name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.settings import Settings
from bot.staff import NotStaff, Role, StaffList, StaffMember, login_name, name_key, require

HERE = login_name()


def staff(role: Role, *others: StaffMember) -> StaffList:
    """A list in which this account is 周文."""
    return StaffList((StaffMember("周文", role, login=HERE), *others))


def test_each_role_may_do_what_those_before_it_may() -> None:
    assert [role for role in Role if role.may(Role.EDITOR)] == [Role.EDITOR, Role.REVIEWER, Role.KEEPER]


def test_without_a_list_the_name_is_taken_as_given() -> None:
    everybody = StaffList()
    assert everybody.on_this_machine(Role.REVIEWER, " 李静 ").name == "李静"
    assert everybody.on_this_machine(Role.REVIEWER, "  ").name == HERE


def test_with_a_list_this_account_acts_under_its_own_name() -> None:
    assert staff(Role.EDITOR).on_this_machine(Role.EDITOR).name == "周文"
    assert staff(Role.EDITOR).on_this_machine(Role.EDITOR, "周　文 ").name == "周文"


def test_an_account_that_is_not_on_the_list_may_nothing() -> None:
    others = StaffList((StaffMember("李静", Role.KEEPER, login=HERE + "-other"),))
    with pytest.raises(NotStaff, match="不在工作人员名单里"):
        others.on_this_machine(Role.VIEWER)
    with pytest.raises(NotStaff, match="不在工作人员名单里"):
        others.on_this_machine(Role.VIEWER, "李静")


def test_a_role_that_is_not_enough_is_refused_and_the_needed_one_named() -> None:
    with pytest.raises(NotStaff, match="“审核”"):
        staff(Role.EDITOR).on_this_machine(Role.REVIEWER)
    with pytest.raises(NotStaff, match="“编辑”"):
        require(StaffMember("周文", Role.VIEWER), Role.EDITOR)


def test_only_a_keeper_acts_under_anothers_name_and_with_that_persons_role() -> None:
    others = (StaffMember("李静", Role.REVIEWER), StaffMember("王芳", Role.VIEWER))
    with pytest.raises(NotStaff, match="不能用别人的名字"):
        staff(Role.REVIEWER, *others).on_this_machine(Role.VIEWER, "李静")
    keeper = staff(Role.KEEPER, *others)
    assert keeper.on_this_machine(Role.REVIEWER, "李静").name == "李静"
    with pytest.raises(NotStaff, match="王芳 的权限"):
        keeper.on_this_machine(Role.EDITOR, "王芳")
    with pytest.raises(NotStaff, match="没有“赵六”"):
        keeper.on_this_machine(Role.VIEWER, "赵六")


def test_the_environment_cannot_make_somebody_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "director")
    assert login_name() == HERE


@pytest.mark.parametrize("spelling", ["李 静", " 李静", "李\u3000静", "李\u200b静", "李静\ufeff", "⽊子"])
def test_two_spellings_of_a_name_are_one_person(spelling: str) -> None:
    assert name_key(spelling) in {name_key("李静"), name_key("木子")}


def test_different_people_stay_different_and_no_letter_is_no_name() -> None:
    assert name_key("李静") != name_key("李婧")
    assert name_key("阿依古丽·买买提") == name_key("阿依古丽•买买提")
    assert name_key("LI Jing") == name_key("ｌｉ ｊｉｎｇ")
    assert name_key("——·") == ""


def test_the_list_in_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(
        "staff:\n"
        "  - {name: 周文, role: keeper, login: zhouwen}\n"
        "  - {name: 李静, role: reviewer, telegram: 4711}\n",
        encoding="utf-8",
    )
    found = Settings.read(path, {}).staff
    assert [(member.name, member.role, member.telegram) for member in found.members] == [
        ("周文", Role.KEEPER, None),
        ("李静", Role.REVIEWER, 4711),
    ]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("{name: 周 文, role: viewer}", "重复"),
        ("{name: 李静, role: viewer, login: zhouwen}", "重复"),
        ("{name: 李静, role: boss}", "role"),
        ("{name: '——', role: viewer}", "不能当姓名"),
        ("{role: viewer}", "name"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(tmp_path: Path, second: str, said: str) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(
        f"staff:\n  - {{name: 周文, role: keeper, login: zhouwen}}\n  - {second}\n", encoding="utf-8"
    )
    with pytest.raises(UsageError, match=said) as raised:
        Settings.read(path, {})
    assert "settings.yaml" in str(raised.value)
