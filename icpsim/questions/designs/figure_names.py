"""How the figures of a world by designs are named: ``world|window|design|variant|outcome|figure``."""

AS_IT_IS = "on"
EFFECTS_OFF = "off"
WORLDS = (AS_IT_IS, EFFECTS_OFF)
SEPARATOR = "|"
