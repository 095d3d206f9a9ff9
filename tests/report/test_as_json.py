"""Answers as JSON: plain values, null for what is no number, and nothing that JSON does not have."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from icpsim.report.as_json import json_object, json_text, plain_values


@dataclass(frozen=True)
class Inner:
    """A made-up row."""

    value: float
    several: tuple[float, ...]


def test_plain_values_are_json():
    value = {
        "array": np.array([1.0, np.nan]),
        "scalar": (np.int64(2), np.bool_(True), np.float64("inf")),
        "made": Inner(float("-inf"), (1.0, float("nan"))),
        3: None,
    }
    assert plain_values(value) == {
        "array": [1.0, None],
        "scalar": [2, True, None],
        "made": {"value": None, "several": [1.0, None]},
        "3": None,
    }
    assert json.loads(json_text(json_object(value))) == json_object(value)


def test_text_refuses_what_json_does_not_have():
    with pytest.raises(ValueError, match="JSON"):
        json_text({"a": float("nan")})
