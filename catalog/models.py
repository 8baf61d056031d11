"""The models of a catalogue entry: agency, element, code table, dataset, column, rule.

Belongs here: the shape of one declaration and what can be checked within it. What must hold
between declarations stands in `catalog.checks`; reading the files stands in `catalog.load`.

Sources: 《淄博市公共数据管理办法》 articles 2, 5, 6, 8, 10–13, 18–21, 28, 29, 55, 56.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

IDENTIFIER = r"^[a-z][a-z0-9_]*$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER, max_length=60)]
"""A name of ours: lower case, digits, underscore. `_` first is reserved for technical columns."""

ChineseText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Text that agencies and analysts read."""

Grade = Annotated[int, Field(ge=1, le=4)]
"""Security grade of 一般 data, GB/T 43697-2024."""


class Declared(BaseModel):
    """Base of all declarations: unknown fields are errors, values don't change once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)


IsoDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Retirement(Declared):
    """The end of an entry. It stays where it is, so that old data keeps its meaning, and nothing
    new is delivered or judged by it."""

    on: IsoDate
    reason: ChineseText


class AgencyType(StrEnum):
    """Kinds of bodies under articles 2, 55 and 56."""

    STATE_ORGAN = "state_organ"
    AUTHORIZED_BODY = "authorized_body"
    PEOPLES_ORGANIZATION = "peoples_organization"
    UTILITY = "utility"
    ZONE = "zone"
    CENTRAL_OR_PROVINCIAL = "central_or_provincial"


class Contact(Declared):
    """Who answers for an agency's data (article 6): a post and its mailbox, no person's name."""

    post: ChineseText
    email: str
    active: bool = True


class Agency(Declared):
    """A 公共管理和服务机构: delivers data and owns its quality."""

    id: Identifier
    name: ChineseText
    short_name: ChineseText
    type: AgencyType
    level: Literal["city", "county", "zone"]
    division: str
    bureau: Identifier
    """The 大数据工作主管部门 of the agency's own level."""
    parent: Identifier | None = None
    """The agency of the same line one level up."""
    responsible_unit: ChineseText
    contacts: tuple[Contact, ...]
    retired: Retirement | None = None


class LegalRank(StrEnum):
    """Rank of a legal basis: articles 11 and 13 accept local regulations, article 21 does not."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    LOCAL_REGULATION = "local_regulation"
    RULE = "rule"
    STANDARD = "standard"


OF_LAW = frozenset({LegalRank.LAW, LegalRank.ADMINISTRATIVE_REGULATION})
"""Ranks that article 21 accepts for 不予共享."""
OF_LAW_OR_REGULATION = OF_LAW | {LegalRank.LOCAL_REGULATION}
"""Ranks that articles 11 and 13 accept."""


class LegalBasis(Declared):
    """A cited rule: title, rank and article."""

    title: ChineseText
    rank: LegalRank
    article: str


class Standard(Declared):
    """The standard an element follows, e.g. code `GB 32100-2015`, clause `5.2`."""

    code: str
    clause: str = ""


class ElementType(StrEnum):
    """Type of an element's value in the standard layer (Polars / DuckDB in brackets)."""

    TEXT = "text"  # String / VARCHAR
    CODE = "code"  # String / VARCHAR, a code of the element's code table
    INTEGER = "integer"  # Int64 / BIGINT
    DECIMAL = "decimal"  # Decimal(38, scale) / DECIMAL(38, scale)
    DATE = "date"  # Date / DATE
    DATETIME = "datetime"  # Datetime("us"), Asia/Shanghai wall time / TIMESTAMP
    BOOLEAN = "boolean"  # Boolean / BOOLEAN


class SourceRef(Declared):
    """The one dataset and column that is authoritative for an element (article 18)."""

    dataset: str
    column: Identifier


class Element(Declared):
    """A 数据元: one meaning, one standard, one source."""

    id: Identifier
    name: ChineseText
    definition: ChineseText
    type: ElementType
    format: Identifier | None = None
    """Names an entry of the standards library (`quality.standards`), e.g. `uscc`, `id_no`, `money`:
    how to normalise and how to check beyond type."""
    standard: Standard | None = None
    code_table: Identifier | None = None
    pattern: str | None = None
    """Regular expression (what Rust and RE2 share; the engine anchors it) of a right value."""
    max_length: int | None = Field(default=None, gt=0)
    minimum: float | None = None
    maximum: float | None = None
    scale: int = Field(default=0, ge=0, le=18)
    """Decimals kept, for type decimal."""
    unit: str | None = None
    earliest: str | None = None
    """ISO date: earlier dates are sentinels or mistakes (dates and datetimes)."""
    future_allowed: bool = False
    """Whether a date later than the delivery's `as_of` can be right."""
    data_class: ChineseText
    """分类, e.g. 法人基本信息, 个人基本信息."""
    grade: Grade
    mask: Literal["none", "name", "id_no", "birth_month", "phone", "address", "hidden"] = "none"
    """How the published file shows the value when grade is 3 or above (article 44)."""
    example: str
    how_to_correct: ChineseText
    severity: Literal["error", "query"] = "error"
    """Severity of a value outside code table, pattern or range."""
    source: SourceRef | tuple[SourceRef, ...] | Literal["each_dataset"] | None = None
    """The one standard source. `each_dataset`: the values are facts of each dataset's own (an
    amount, the date of a decision), of which no other dataset holds a copy. Several may be written
    down, and are a finding until one is chosen."""
    identifier: bool = False
    """Names a subject or place: others hold it to refer to it, which repeats no collection."""
    unchecked: str = ""
    """Why nothing beyond its type can be asked of the value; empty where a rule does ask."""
    retired: Retirement | None = None

    @property
    def standard_source(self) -> SourceRef | None:
        """The standard source, where the element has one of its own."""
        return self.source if isinstance(self.source, SourceRef) else None


class CodeTable(Declared):
    """A list of codes; its rows stand in `catalog/codes/<id>.csv`.

    Rows: code, name, and optionally aliases (`|` between), valid_from, valid_to (ISO dates, empty
    = open). A value delivered as the code's name or alias is normalised to the code.
    """

    id: Identifier
    name: ChineseText
    standard: Standard | None = None
    origin: ChineseText
    """Where the rows come from and how they were verified ([V], [F], [M])."""
    open: bool = False
    """True where the list is known to be incomplete: an unknown value is kept and is a query."""
    retired: Retirement | None = None


class Code(Declared):
    """One row of a code table."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None


class SharingType(StrEnum):
    """Article 20."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"


class OpeningType(StrEnum):
    """Article 28."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_OPEN = "not_open"


class Sharing(Declared):
    """共享属性. Conditional: reason, basis, conditions; not shared: a law (articles 20, 21)."""

    type: SharingType
    reason: str = ""
    conditions: str = ""
    basis: tuple[LegalBasis, ...] = ()


class Tightening(Declared):
    """The bureau's review of an opening stricter than the one registered before (article 29)."""

    reviewed_by: ChineseText
    reviewed_on: IsoDate
    reason: ChineseText


class Opening(Declared):
    """开放属性 (article 28)."""

    type: OpeningType
    conditions: str = ""
    basis: tuple[LegalBasis, ...] = ()
    tightening: Tightening | None = None


class RepeatedCollection(Declared):
    """Columns collected although their standard source could share them, and the law or regulation
    that asks for it (article 11)."""

    columns: tuple[Identifier, ...] = Field(min_length=1)
    basis: tuple[LegalBasis, ...] = ()


class UpdateCycle(StrEnum):
    """更新周期."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERM = "term"
    YEARLY = "yearly"


class Derived(Declared):
    """A column computed from another one, e.g. the currency inside a written amount."""

    column: Identifier
    part: Identifier
    """A part that the standards library's format yields, e.g. `currency` of `money`,
    `organization_code` of `uscc`."""


class Column(Declared):
    """A column of a dataset: which element it holds and how deliveries name it."""

    id: Identifier
    name: ChineseText
    element: Identifier
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Other headers and JSON property names under which deliveries bring this column."""
    required: bool = False
    """A row without a value here is a defect."""
    optional: bool = False
    """A delivery may leave the whole column out."""
    derived: Derived | None = None
    """Filled from another column when the delivery has no value of its own."""
    default_unit: str | None = None
    """For `money`: the unit meant when the value writes none (`元`, `万元`)."""
    grade: Grade | None = None
    """Overrides the element's grade."""
    retired: Retirement | None = None

    @property
    def may_be_absent(self) -> bool:
        """Whether a delivery may come without the column."""
        return self.optional or self.retired is not None


class Dimension(StrEnum):
    """Six dimensions of GB/T 36344-2018."""

    CONFORMITY = "conformity"  # 规范性
    COMPLETENESS = "completeness"  # 完整性
    ACCURACY = "accuracy"  # 准确性
    CONSISTENCY = "consistency"  # 一致性
    TIMELINESS = "timeliness"  # 时效性
    ACCESSIBILITY = "accessibility"  # 可访问性


class CrossFieldRule(Declared):
    """A rule over several columns of one row, as a condition that a right row satisfies.

    `check` is written in the subset of SQL that `polars.sql_expr` and DuckDB both accept, over the
    standard columns; a NULL result is no violation.
    """

    id: Identifier
    check: str
    columns: tuple[Identifier, ...] = Field(min_length=1)
    """The columns named to the agency; the first is the one to correct."""
    message: ChineseText
    dimension: Dimension
    severity: Literal["error", "query"]
    standard: str = ""
    how_to_correct: ChineseText
    version: int = 1


class Shape(Declared):
    """One of several header layouts in which a dataset is delivered, with what it implies.

    The shape whose `requires` columns are all in the header and whose `excludes` are not is taken.
    """

    id: Identifier
    requires: tuple[Identifier, ...]
    excludes: tuple[Identifier, ...] = ()
    ignores: tuple[str, ...] = ()
    """Headers left out on purpose (a running number); they still reach raw in `_extra`."""
    constants: dict[Identifier, str] = Field(default_factory=dict)
    """Column values that every row of this shape has."""


class FirstOf(Declared):
    """A key part: the first of these columns that has a value."""

    first_of: tuple[Identifier, ...] = Field(min_length=2)
    may_be_absent: bool = False
    """True where a row without any of them is still identified by the other key parts."""


class Publication(Declared):
    """Where analysts find the dataset's current rows."""

    database: Identifier
    table: Identifier


class Category(Declared):
    """类别: 类 / 项 / 目 of the 政务信息资源目录编制指南."""

    class_: ChineseText = Field(alias="class")
    item: ChineseText
    subject: ChineseText

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Dataset(Declared):
    """A catalogued dataset with the seven attributes of article 10 and how it is delivered."""

    agency: Identifier
    id: Identifier
    name: ChineseText
    description: ChineseText

    # The seven attributes of article 10. Optional here so that `catalog.checks` can name all
    # missing ones at once in the article's own words.
    format: tuple[str, ...] | None = None
    category: Category | None = None
    sharing: Sharing | None = None
    opening: Opening | None = None
    security_grade: Grade | None = None
    usage_requirements: str | None = None
    update_cycle: UpdateCycle | None = None

    subject: Literal["person", "legal_person", "place", "indicator", "object", "none"]
    """What a row is about; person and legal_person need key identifiers (article 12)."""
    key: tuple[Identifier | FirstOf, ...] = Field(min_length=1)
    key_identifiers: tuple[Identifier, ...] = ()
    """Columns with 统一社会信用代码 or 身份证件号码 (article 12)."""
    deliverers: tuple[Identifier, ...] = Field(min_length=1)
    mode: Literal["snapshot", "increment"]
    """What a delivery is unless its manifest says otherwise."""
    snapshot_scope: tuple[Identifier, ...] = ()
    """A snapshot replaces its deliverer's rows only where these columns have a value that occurs
    in it: two lists in one dataset don't remove each other."""
    removal_limit: float = Field(default=0.05, ge=0, le=1)
    """A snapshot that would remove a larger share of its deliverer's keys (in scope) is held."""
    aggregated: bool = True
    """汇聚 (article 13); False needs `not_aggregated_basis`."""
    not_aggregated_basis: tuple[LegalBasis, ...] = ()
    state_secret: bool = False
    legal_basis: tuple[LegalBasis, ...] = ()
    repeated_collection: tuple[RepeatedCollection, ...] = ()
    reviewed: bool = False
    """Only reviewed entries are published (article 10)."""
    publication: Publication
    sheet: str | None = None
    """Name of the sheet to read where workbooks hold several that fit."""
    operation_column: str | None = "操作类型"
    """Header of the column that says insert, update or delete in an increment."""
    example: dict[Identifier, str] = Field(default_factory=dict)
    """Column → example, where the elements' own examples don't make a right row together."""
    columns: tuple[Column, ...] = Field(min_length=1)
    rules: tuple[CrossFieldRule, ...] = ()
    shapes: tuple[Shape, ...] = ()
    retired: Retirement | None = None

    @property
    def ref(self) -> str:
        """`<agency>/<dataset>`, the name used everywhere outside the catalogue."""
        return f"{self.agency}/{self.id}"

    def column(self, column_id: str) -> Column:
        """The column with this id; KeyError names dataset and column."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(f"{self.ref} has no column {column_id}")


class WorkingDayLimit(Declared):
    """A deadline as a row, never a constant in code (measures, articles 16 and 17)."""

    subject: Identifier
    """e.g. `correct_error`, `answer_query`, `correct_credit_error`."""
    working_days: int = Field(gt=0)
    source: ChineseText
    article: str
    valid_from: str
    valid_to: str | None = None
