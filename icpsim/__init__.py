"""icpsim: an agent-based simulation of England's Integrated Care Pilots (2009-11)."""

__version__ = "0.1.0"
