"""Many people of every age on many small lists, and the parameters they were made from."""

import numpy as np
import pytest

from icpsim.model.parameters import load_parameters
from icpsim.population.assemble_lists import build_people
from icpsim.population.draw_people import makings
from icpsim.population.practice_lists import control_practices, origin_of

LISTS, LIST_SIZE = 400, 300
OF_ANY_AGE = 1e-12


@pytest.fixture(scope="session")
def parameters():
    return load_parameters()


@pytest.fixture(scope="session")
def practices(parameters):
    return control_practices(LISTS * LIST_SIZE, 0, origin_of(2, 0), LIST_SIZE, parameters.population)


@pytest.fixture(scope="session")
def people(practices, parameters):
    """120,000 people at week 0, nobody yet to be born."""
    people = build_people(practices, OF_ANY_AGE, 52, makings(parameters.rooms()))
    made, start = people.columns, people.practice_start
    assert np.diff(start).tolist() == [LIST_SIZE] * LISTS
    return made


@pytest.fixture(scope="session")
def age(people):
    """Age in years at week 0, to the week."""
    return -people["birth_week"] / 52.18
