"""Scoring simulated studies against published effects that no calibration may see.

:mod:`~icpsim.validation.registry` reads ``calibration/validation.csv`` and refuses while a calibration is under
way; :mod:`~icpsim.validation.scoring` scores; :mod:`~icpsim.validation.studies` runs the scenario and does both.
``icpsim.inference`` may not import this package (import-linter holds it).
"""
