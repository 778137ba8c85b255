"""Clocks applied to real times. Pure: no clock is read, no file is opened."""
