"""Scoring simulated studies against published effects that no calibration may see.

:mod:`~icpsim.questions.validation.registry` reads ``calibration/validation.csv`` and refuses while a calibration
is under way; :mod:`~icpsim.questions.validation.scoring` scores; :mod:`~icpsim.questions.validation.answer` runs
the scenario and does both. ``icpsim.inference`` may not import this package (import-linter holds it).
"""
