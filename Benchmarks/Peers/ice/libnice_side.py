"""A side of a meeting, by libnice: see meet.py. The library is called as it is, without bindings."""

import ctypes
import os
import sys
import time
from ctypes import CFUNCTYPE, c_char_p, c_int, c_uint, c_void_p

REGULAR_NOMINATION = 1
READY, FAILED = 4, 5

nice = ctypes.CDLL("libnice.so.10")
glib = ctypes.CDLL("libglib-2.0.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")


def declare(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


declare(glib, "g_main_loop_new", c_void_p, c_void_p, c_int)
declare(glib, "g_main_loop_run", None, c_void_p)
declare(glib, "g_main_loop_get_context", c_void_p, c_void_p)
declare(glib, "g_slist_append", c_void_p, c_void_p, c_void_p)
declare(nice, "nice_agent_new_full", c_void_p, c_void_p, c_int, c_uint)
declare(nice, "nice_agent_add_stream", c_uint, c_void_p, c_uint)
declare(nice, "nice_agent_set_stream_name", c_int, c_void_p, c_uint, c_char_p)
declare(nice, "nice_agent_gather_candidates", c_int, c_void_p, c_uint)
declare(nice, "nice_agent_generate_local_sdp", c_void_p, c_void_p)
declare(nice, "nice_agent_set_remote_credentials", c_int, c_void_p, c_uint, c_char_p, c_char_p)
declare(nice, "nice_agent_parse_remote_candidate_sdp", c_void_p, c_void_p, c_uint, c_char_p)
declare(nice, "nice_agent_set_remote_candidates", c_int, c_void_p, c_uint, c_uint, c_void_p)

loop = glib.g_main_loop_new(None, 0)
agent = nice.nice_agent_new_full(glib.g_main_loop_get_context(loop), 0, REGULAR_NOMINATION)


def say(*words):
    print(*words, flush=True)


def set_property(name, value):
    gobject.g_object_set(c_void_p(agent), name, value, None)


@CFUNCTYPE(None, c_void_p, c_uint, c_void_p)
def gathered(_agent, _stream, _):
    say(ctypes.string_at(nice.nice_agent_generate_local_sdp(agent)).decode().strip())
    say(".")
    # Nothing else is to be done until the other's description is there.
    lines = list(iter(lambda: sys.stdin.readline().strip(), "."))
    say("given", time.monotonic_ns())
    values, candidates = {}, None
    for line in lines:
        name, _, value = line.partition(":")
        values[name] = value.encode()
        if name == "a=candidate":
            candidate = nice.nice_agent_parse_remote_candidate_sdp(agent, stream, line.encode())
            candidates = glib.g_slist_append(candidates, candidate)
    nice.nice_agent_set_remote_credentials(
        agent, stream, values["a=ice-ufrag"], values["a=ice-pwd"])
    nice.nice_agent_set_remote_candidates(agent, stream, 1, candidates)


@CFUNCTYPE(None, c_void_p, c_uint, c_uint, c_uint, c_void_p)
def changed(_agent, _stream, _component, state, _):
    if state == READY:
        say("connected", time.monotonic_ns())
    elif state == FAILED:
        # An exception does not leave a callback.
        os._exit(1)


@CFUNCTYPE(None, c_void_p, c_uint, c_uint, c_uint, c_void_p, c_void_p)
def received(_agent, _stream, _component, _length, _buffer, _):
    pass


set_property(b"controlling-mode", c_int(sys.argv[1] == "offer"))
set_property(b"upnp", c_int(0))
set_property(b"stun-server", b"203.0.113.9")
set_property(b"stun-server-port", c_uint(3478))
for signal, function in [(b"candidate-gathering-done", gathered), (b"component-state-changed", changed)]:
    gobject.g_signal_connect_data(c_void_p(agent), signal, function, None, None, 0)
stream = nice.nice_agent_add_stream(agent, 1)
nice.nice_agent_set_stream_name(agent, stream, b"application")
nice.nice_agent_attach_recv(
    c_void_p(agent), c_uint(stream), c_uint(1),
    c_void_p(glib.g_main_loop_get_context(loop)), received, None)
nice.nice_agent_gather_candidates(agent, stream)
glib.g_main_loop_run(loop)
