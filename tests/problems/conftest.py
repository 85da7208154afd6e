"""`pytest tests/problems --accept` writes what is rendered now into the gallery: review the diff."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="accept the messages of the problem gallery as they are")
