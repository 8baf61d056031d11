"""The DuckDB files that analysts and readers open: what they hold, how they are built and switched.

Belongs here: published tables as data, masking, the build, the versions. Does not belong here: what
quality knows (defects, rules, tickets); `assets.published` puts it together with this.
"""

from warehouse.publish.build import Publication, PublicationError, publish
from warehouse.publish.model import (
    PublishedColumn,
    PublishedMacro,
    PublishedTable,
    PublishedView,
    table_of_rows,
)

__all__ = [
    "Publication",
    "PublicationError",
    "PublishedColumn",
    "PublishedMacro",
    "PublishedTable",
    "PublishedView",
    "publish",
    "table_of_rows",
]
