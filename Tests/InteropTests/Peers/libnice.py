"""An agent of libnice's that speaks as `workbook connect` does, with the descriptions in this folder.

    libnice.py offer|answer [OPTIONS] WORDS

Prints what it hears, and on standard error its states and the types of the selected pair. libnice is
called as it is, without bindings, because Debian's leave out nice_agent_attach_recv.
"""

import argparse
import ctypes
import os
import socket
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_uint, c_void_p

SERVER, PORT = "203.0.113.9", 3478
TYPES = ["host", "srflx", "prflx", "relay"]
STATES = ["disconnected", "gathering", "connecting", "connected", "ready", "failed"]
REGULAR_NOMINATION, LITE, CONSENT_FRESHNESS = 1, 4, 32

# Blocks of `connect` have a byte before them.
DATA, END, END_HEARD = bytes([192]), bytes([193]), bytes([194])

nice = ctypes.CDLL("libnice.so.10")
glib = ctypes.CDLL("libglib-2.0.so.0")
gobject = ctypes.CDLL("libgobject-2.0.so.0")


def declare(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments


declare(glib, "g_main_loop_new", c_void_p, c_void_p, c_int)
declare(glib, "g_main_loop_run", None, c_void_p)
declare(glib, "g_main_loop_quit", None, c_void_p)
declare(glib, "g_main_loop_get_context", c_void_p, c_void_p)
declare(glib, "g_slist_append", c_void_p, c_void_p, c_void_p)
declare(nice, "nice_agent_new_full", c_void_p, c_void_p, c_int, c_uint)
declare(nice, "nice_address_new", c_void_p)
declare(nice, "nice_address_set_from_string", c_int, c_void_p, c_char_p)
declare(nice, "nice_agent_add_local_address", c_int, c_void_p, c_void_p)
declare(nice, "nice_agent_add_stream", c_uint, c_void_p, c_uint)
declare(nice, "nice_agent_set_stream_name", c_int, c_void_p, c_uint, c_char_p)
declare(nice, "nice_agent_set_relay_info", c_int, c_void_p, c_uint, c_uint, c_char_p, c_uint,
        c_char_p, c_char_p, c_int)
declare(nice, "nice_agent_gather_candidates", c_int, c_void_p, c_uint)
declare(nice, "nice_agent_generate_local_sdp", c_void_p, c_void_p)
declare(nice, "nice_agent_set_remote_credentials", c_int, c_void_p, c_uint, c_char_p, c_char_p)
declare(nice, "nice_agent_parse_remote_candidate_sdp", c_void_p, c_void_p, c_uint, c_char_p)
declare(nice, "nice_agent_set_remote_candidates", c_int, c_void_p, c_uint, c_uint, c_void_p)
declare(nice, "nice_agent_get_selected_pair", c_int, c_void_p, c_uint, c_uint,
        POINTER(POINTER(c_int)), POINTER(POINTER(c_int)))
declare(nice, "nice_agent_send", c_int, c_void_p, c_uint, c_uint, c_uint, c_char_p)

parser = argparse.ArgumentParser()
parser.add_argument("side", choices=["offer", "answer"])
parser.add_argument("words")
parser.add_argument("--stun", action="store_true")
parser.add_argument("--turn", choices=["udp", "tcp"])
parser.add_argument("--relay-only", action="store_true")
parser.add_argument("--aggressive", action="store_true")
parser.add_argument("--lite", action="store_true")
arguments = parser.parse_args()
own, other = ("offer", "answer") if arguments.side == "offer" else ("answer", "offer")

loop = glib.g_main_loop_new(None, 0)
agent = nice.nice_agent_new_full(
    glib.g_main_loop_get_context(loop), 0,
    CONSENT_FRESHNESS | (0 if arguments.aggressive else REGULAR_NOMINATION)
    | (LITE if arguments.lite else 0))
callbacks = []  # C has them, so Python must keep them.
ended = heard = is_open = is_closing = False
exit_code = 1


def callback(result, *types):
    def wrap(function):
        callbacks.append(CFUNCTYPE(result, *types)(function))
        return callbacks[-1]
    return wrap


def connect(signal, function):
    gobject.g_signal_connect_data(c_void_p(agent), signal, function, None, None, 0)


def set_property(name, value):
    gobject.g_object_set(c_void_p(agent), name, value, None)


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def after(milliseconds, function):
    """Calls a function so often, until it gives back 0."""
    glib.g_timeout_add(milliseconds, callback(c_int, c_void_p)(lambda _: function() or 0), None)


def send(block):
    nice.nice_agent_send(agent, stream, 1, len(block), block)


# MARK: Descriptions

def own_text():
    return ctypes.string_at(nice.nice_agent_generate_local_sdp(agent)).decode()


def write():
    text = own_text()
    lite = "a=ice-lite\n" if arguments.lite else ""
    with open(own + ".part", "w", encoding="utf-8") as file:
        file.write(lite + text + "a=end-of-candidates\n")
    os.rename(own + ".part", own)


def read():
    """Whether the other's description is still to come."""
    if not os.path.exists(other):
        return True
    values, candidates = {}, None
    with open(other, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for line in lines:
        name, _, value = line.partition(":")
        values[name] = value.encode()
        if name == "a=candidate":
            candidate = nice.nice_agent_parse_remote_candidate_sdp(agent, stream, line.encode())
            candidates = glib.g_slist_append(candidates, candidate)
    nice.nice_agent_set_remote_credentials(
        agent, stream, values["a=ice-ufrag"], values["a=ice-pwd"])
    say("candidates taken:", nice.nice_agent_set_remote_candidates(agent, stream, 1, candidates))
    if own == "answer":
        write()
    return False


@callback(None, c_void_p, c_uint, c_void_p)
def gathered(_agent, _stream, _):
    # On a busy machine an answer may come later than the 2 s that libnice waits: once more.
    if arguments.stun and "typ srflx" not in own_text() and "AGAIN" not in os.environ:
        say("no server has answered in time")
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "AGAIN": "1"})
    if own == "offer":
        write()
    after(20, read)


# MARK: The connection

def say_end():
    """Whether the end is to be said again."""
    if not heard:
        send(END)
    return not heard


@callback(None, c_void_p, c_uint, c_uint, c_uint, c_void_p)
def changed(_agent, _stream, _component, state, _):
    global is_open
    say("state:", STATES[state])
    if STATES[state] == "failed":
        glib.g_main_loop_quit(loop)
    if STATES[state] != "ready":
        return
    local, remote = POINTER(c_int)(), POINTER(c_int)()
    if nice.nice_agent_get_selected_pair(agent, stream, 1, byref(local), byref(remote)):
        # A candidate begins with its type.
        say("selected:", TYPES[local[0]], TYPES[remote[0]])
    if not is_open:
        is_open = True
        send(DATA + arguments.words.encode() + b"\n")
        after(200, say_end)


@callback(None, c_void_p, c_void_p, c_void_p)
def closed(_agent, _result, _):
    global exit_code
    exit_code = 0
    glib.g_main_loop_quit(loop)


@callback(None, c_void_p, c_uint, c_uint, c_uint, c_void_p, c_void_p)
def received(_agent, _stream, _component, length, buffer, _):
    global ended, heard, is_closing
    block = ctypes.string_at(buffer, length)
    if block[:1] == DATA:
        sys.stdout.write(block[1:].decode())
        sys.stdout.flush()
    elif block[:1] == END:
        send(END_HEARD)
        ended = True
    elif block[:1] == END_HEARD:
        heard = True
    if ended and heard and not is_closing:
        # Relayed addresses are given back.
        is_closing = True
        nice.nice_agent_close_async(c_void_p(agent), closed, None)


def add_address():
    """Keeps to the address of IPv4: one of IPv6 that is still tentative ends the gathering."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((SERVER, PORT))
        text = probe.getsockname()[0].encode()
    address = nice.nice_address_new()
    nice.nice_address_set_from_string(address, text)
    nice.nice_agent_add_local_address(agent, address)


def too_late():
    say("nothing more has come in 60 s")
    glib.g_main_loop_quit(loop)


set_property(b"controlling-mode", c_int(own == "offer" and not arguments.lite))
set_property(b"upnp", c_int(0))
set_property(b"force-relay", c_int(arguments.relay_only))
if arguments.stun:
    set_property(b"stun-server", SERVER.encode())
    set_property(b"stun-server-port", c_uint(PORT))
add_address()
connect(b"candidate-gathering-done", gathered)
connect(b"component-state-changed", changed)
stream = nice.nice_agent_add_stream(agent, 1)
nice.nice_agent_set_stream_name(agent, stream, b"application")
if arguments.turn:
    nice.nice_agent_set_relay_info(
        agent, stream, 1, SERVER.encode(), PORT, b"alice", b"pass", ["udp", "tcp"].index(arguments.turn))
nice.nice_agent_attach_recv(
    c_void_p(agent), c_uint(stream), c_uint(1),
    c_void_p(glib.g_main_loop_get_context(loop)), received, None)
nice.nice_agent_gather_candidates(agent, stream)
after(60_000, too_late)
glib.g_main_loop_run(loop)
sys.exit(exit_code)
