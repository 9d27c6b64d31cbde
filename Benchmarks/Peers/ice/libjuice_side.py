"""A side of a meeting, by libjuice as libdatachannel has it: see meet.py, --in-two-steps.

`connected` is the library's own word: a pair is selected, and may not be nominated yet. DTLS, which
comes after it, is not waited for.
"""

import os
import sys
import threading
import time

import pylibdatachannel as rtc

is_offer = sys.argv[1] == "offer"
configuration = rtc.Configuration([rtc.IceServer("203.0.113.9", 3478)])
connection = rtc.PeerConnection(configuration)
is_described, is_gathered = threading.Event(), threading.Event()
has_connected = threading.Event()


def say(*words):
    # One write, as callbacks have threads of their own.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def read():
    return list(iter(lambda: sys.stdin.readline().strip(), "."))


def lines(wants_candidates):
    text = str(connection.local_description).splitlines()
    return [line for line in text if line.startswith("a=candidate:") == wants_candidates
            and line != "a=end-of-candidates"]


def changed(state):
    if state in (rtc.IceState.CONNECTED, rtc.IceState.COMPLETED) and not has_connected.is_set():
        has_connected.set()
        say("connected", time.monotonic_ns())


def gathering_changed(state):
    if state == rtc.GatheringState.COMPLETE:
        is_gathered.set()


def take_description(kind):
    text = "\r\n".join([*read(), ""])
    connection.set_remote_description(rtc.Description(text, kind))


connection.on_ice_state_change(changed)
connection.on_gathering_state_change(gathering_changed)
connection.on_local_description(lambda _: is_described.set())
if is_offer:
    channel = connection.create_data_channel("talk")
else:
    take_description(rtc.DescriptionType.OFFER)
is_described.wait()
say("\n".join([*lines(False), "."]))
if is_offer:
    take_description(rtc.DescriptionType.ANSWER)
is_gathered.wait()
say("\n".join([*lines(True), "."]))
candidates = read()
say("given", time.monotonic_ns())
for line in candidates:
    connection.add_remote_candidate(rtc.Candidate(line, "0"))
time.sleep(60)
