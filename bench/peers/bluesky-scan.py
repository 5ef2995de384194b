"""A scan of one detector over one motor in Bluesky's RunEngine, both instant and in memory, every document checked
against the event model's schema. Prints one line of JSON.

Usage: python bluesky-scan.py POINTS
"""

import json
import sys
import time

import bluesky
from bluesky import RunEngine
from bluesky.plans import scan


class Done:
    """A status that is finished from the beginning."""

    done = True
    success = True

    def add_callback(self, callback):
        callback(self)

    def exception(self, timeout=None):
        return None

    def wait(self, timeout=None):
        return None


class Device:
    """Something that answers at once."""

    parent = None

    def __init__(self, name):
        self.name = name
        self.value = 0.0

    def read(self):
        return {self.name: {"value": self.value, "timestamp": time.time()}}

    def describe(self):
        return {self.name: {"source": "memory", "dtype": "number", "shape": []}}

    def read_configuration(self):
        return {}

    def describe_configuration(self):
        return {}


class Motor(Device):
    @property
    def position(self):
        return self.value

    def set(self, value):
        self.value = value
        return Done()


class Detector(Device):
    def trigger(self):
        return Done()


def main():
    points = int(sys.argv[1])
    engine = RunEngine({})
    seen = {"event": 0}
    engine.subscribe(lambda name, document: seen.update(event=seen["event"] + 1), "event")
    motor, detector = Motor("motor"), Detector("detector")
    engine(scan([detector], motor, 0, 1, 50))
    seen["event"] = 0
    began = time.perf_counter()
    engine(scan([detector], motor, 0, 1, points))
    seconds = time.perf_counter() - began
    if seen["event"] != points:
        raise SystemExit(f"{seen['event']} events for {points} points")
    python = ".".join(map(str, sys.version_info[:3]))
    print(json.dumps({"pointsPerSecond": points / seconds, "version": bluesky.__version__, "python": python}))


main()
