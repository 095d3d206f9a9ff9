import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread():
    """As in the evaluation itself; small fits are also many times faster without BLAS threads."""
    with threadpool_limits(1):
        yield
