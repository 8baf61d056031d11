"""The macros of family relations, GB/T 4761-2008, against the catalogue's code table."""

from __future__ import annotations

from typing import Any

from tests.this_catalog import this_catalog


def test_own_children_and_parents_leave_out_in_laws_adopted_and_step_relations(
    answers: Any,
) -> None:
    names = {code.code: code.name for code in this_catalog().codes("family_relations")}

    def of(macro: str) -> set[str]:
        held = zip(names.values(), answers(macro, list(names)), strict=True)
        return {name for name, holds in held if holds}

    assert of("is_own_parent") == {"父母", "父亲", "母亲"}
    assert of("is_own_child") == {
        *("子", "独生子", "长子", "次子", "三子", "四子", "五子"),
        *("女", "独生女", "长女", "次女", "三女", "四女", "五女"),
    }
