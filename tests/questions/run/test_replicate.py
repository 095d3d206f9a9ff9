"""One replicate: it leaves nothing behind that would grow with their number."""

import gc
import weakref

from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.questions.run import replicate
from tests.small_world import small_scenario


def test_people_are_let_go_when_a_replicate_is_done(monkeypatch):
    """Agents and model refer to each other, so only ``close`` lets go before the next sweep; gc is off here."""
    regions = []

    class Watched(IntegratedCareModel):
        def run(self, *args):
            regions.append(weakref.ref(self.region))
            super().run(*args)

    monkeypatch.setattr(replicate, "IntegratedCareModel", Watched)
    gc.disable()
    try:
        done = replicate.run_replicate(small_scenario(), 1, 0)
        assert done.enrolled == 60
        assert [region() for region in regions] == [None]
    finally:
        gc.enable()
