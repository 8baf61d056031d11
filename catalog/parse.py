"""From a YAML file to models, with every fault as a finding.

Belongs here: reading YAML strictly, validating one declaration, saying in Chinese what pydantic
found. Which files there are stands in `catalog.load`, what must hold between declarations in
`catalog.checks`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from catalog.findings import Finding

ModelT = TypeVar("ModelT", bound=BaseModel)

try:
    from yaml import CSafeLoader as _FastLoader
except ImportError:  # PyYAML built without libyaml: ten times slower, otherwise the same
    from yaml import SafeLoader as _FastLoader  # type: ignore[assignment]

_SHOWN = 60
"""Characters of a wrong value that a finding shows."""

_EXPECTED = {
    "missing": "必须填写此项",
    "extra_forbidden": "没有这一项，请检查拼写或删除",
    "string_type": "文本（数字形式的代码请加引号）",
    "string_too_short": "不能为空",
    "bool_type": "true 或 false",
    "bool_parsing": "true 或 false",
    "int_type": "整数",
    "int_parsing": "整数",
    "int_from_float": "整数",
    "float_type": "数值",
    "float_parsing": "数值",
    "enum": "其中之一：{expected}",
    "literal_error": "其中之一：{expected}",
    "string_pattern_mismatch": "符合 {pattern}",
    "string_too_long": "至多 {max_length} 个字符",
    "greater_than": "大于 {gt}",
    "greater_than_equal": "不小于 {ge}",
    "less_than": "小于 {lt}",
    "less_than_equal": "不大于 {le}",
    "finite_number": "有限的数",
    "too_short": "至少 {min_length} 项",
    "tuple_type": "列表（每行以 - 开头）",
    "list_type": "列表（每行以 - 开头）",
    "dict_type": "键值对",
    "model_type": "键值对",
    "model_attributes_type": "键值对",
}

_ARTICLE_OF_FIELD = {"grade": 8, "data_class": 8, "responsible_unit": 6, "contacts": 6, "bureau": 5}
"""Fields whose absence breaks an article by itself."""


def _resolvers() -> dict[Any, list[tuple[str, Any]]]:
    unwanted = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    inherited: dict[Any, list[tuple[str, Any]]] = _FastLoader.yaml_implicit_resolvers
    return {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in unwanted]
        for first, resolvers in inherited.items()
    }


class _StrictLoader(_FastLoader):
    """A safe loader to which a repeated key is an error and only true and false are booleans.

    Dates stay text (ISO), and so do `no`, `on`, `off`: YAML 1.1 would turn them into other types.
    """

    yaml_implicit_resolvers = _resolvers()

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "键不是文本", key_node.start_mark
                )
            key = key_node.value
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"重复的键 {key}", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


_StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)


def read_yaml(path: Path, file: str) -> tuple[Any, list[Finding]]:
    """The content of a YAML file, or None and a finding that names the line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _StrictLoader), []
    except UnicodeDecodeError as error:
        found = f"第 {error.start} 字节起不是 UTF-8"
        return None, [Finding(file, "", found, "UTF-8 编码的 YAML 文件")]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        return None, [
            Finding(file, place, error.problem or "无法读取", "合乎语法且键不重复的 YAML")
        ]
    except yaml.YAMLError as error:
        return None, [Finding(file, "", str(error).splitlines()[0], "合乎语法的 YAML")]


def parse_one(
    model: type[ModelT], data: Any, file: str, prefix: str = ""
) -> tuple[ModelT | None, list[Finding]]:
    """One declaration of `data`, or None and a finding for every field that is wrong."""
    if not isinstance(data, dict):
        return None, [Finding(file, prefix, _shown(data), "键值对")]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_finding(dict(detail), file, prefix) for detail in error.errors()]


def parse_list(
    model: type[ModelT], data: Any, file: str
) -> tuple[list[tuple[str, ModelT]], list[Finding]]:
    """The declarations of a list, each with its path `[n]`; wrong ones become findings."""
    if data is None:
        return [], []
    if not isinstance(data, list):
        return [], [Finding(file, "", _shown(data), "列表（每行以 - 开头）")]
    parsed: list[tuple[str, ModelT]] = []
    findings: list[Finding] = []
    for index, item in enumerate(data):
        name = item.get("id") if isinstance(item, dict) else None
        path = f"[{index}]" + (f"({name})" if isinstance(name, str) else "")
        declared, faults = parse_one(model, item, file, path)
        findings += faults
        if declared is not None:
            parsed.append((path, declared))
    return parsed, findings


def faulty_ids(data: Any, parsed: list[tuple[str, ModelT]]) -> set[str]:
    """Ids of a list's items that are declared but not valid: others may still name them."""
    named = {str(item["id"]) for item in data or () if isinstance(item, dict) and "id" in item}
    return named - {getattr(item, "id", "") for _, item in parsed}


def _finding(detail: dict[str, Any], file: str, prefix: str) -> Finding:
    kind = str(detail["type"])
    location = [part for part in detail["loc"] if not _is_union_branch(part)]
    field = prefix + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in location
    )
    field = field.removeprefix(".")
    found = "缺少此项" if kind == "missing" else _shown(detail.get("input"))
    last = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
    article = _ARTICLE_OF_FIELD.get(last) if kind == "missing" else None
    return Finding(file, field, found, _expected(kind, detail), article)


def _is_union_branch(part: object) -> bool:
    """Pydantic names the branch of a union in the path; a reader looks for the YAML's own."""
    branches = ("constrained-str", "literal[", "tuple[")
    return isinstance(part, str) and (part in ("FirstOf", "SourceRef") or part.startswith(branches))


def _expected(kind: str, detail: dict[str, Any]) -> str:
    known = _EXPECTED.get(kind)
    return known.format(**detail.get("ctx", {})) if known else str(detail["msg"])


def _shown(value: object) -> str:
    if value is None:
        return "空"
    if isinstance(value, dict):
        return "键值对"
    if isinstance(value, list | tuple):
        return f"含 {len(value)} 项的列表"
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
