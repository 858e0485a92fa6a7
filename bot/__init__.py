"""The announcement bot for event series: never twice, never lost, never untrue."""
