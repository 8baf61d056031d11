"""What the fork server of `tests.commands` imports once for all commands."""

import great_expectations  # noqa: F401

import quality.expectations.datasource
import quality.expectations.suite  # noqa: F401
