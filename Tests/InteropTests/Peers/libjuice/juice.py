"""libjuice, which the wheel of pylibdatachannel contains.

The wheel's library does not export libjuice's functions, but its symbol table (.symtab) has them. The
wheel is pinned by requirements.txt: their types are those of its juice.h.
"""

import ctypes
import glob
import os
import secrets
import struct
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint16, c_void_p

import pylibdatachannel

STATES = ["disconnected", "gathering", "connecting", "connected", "completed", "failed"]
LEVELS = ["verbose", "debug", "info", "warning", "error", "fatal"]
IGNORED = -4  # JUICE_ERR_IGNORED

StateChanged = CFUNCTYPE(None, c_void_p, c_int, c_void_p)
CandidateGathered = CFUNCTYPE(None, c_void_p, c_char_p, c_void_p)
GatheringDone = CFUNCTYPE(None, c_void_p, c_void_p)
Received = CFUNCTYPE(None, c_void_p, c_void_p, c_size_t, c_void_p)
Logged = CFUNCTYPE(None, c_int, c_char_p)


class TURNServer(Structure):
    _fields_ = [("host", c_char_p), ("username", c_char_p), ("password", c_char_p), ("port", c_uint16)]


class Config(Structure):
    _fields_ = [
        ("concurrency_mode", c_int),
        ("stun_server_host", c_char_p), ("stun_server_port", c_uint16),
        ("turn_servers", POINTER(TURNServer)), ("turn_servers_count", c_int),
        ("bind_address", c_char_p),
        ("local_port_range_begin", c_uint16), ("local_port_range_end", c_uint16),
        ("cb_state_changed", StateChanged), ("cb_candidate", CandidateGathered),
        ("cb_gathering_done", GatheringDone), ("cb_recv", Received), ("user_ptr", c_void_p)]


# MARK: The library

def symbols(path):
    """The symbols of an ELF file of 64 bits, and their values."""
    with open(path, "rb") as file:
        data = file.read()
    (start,), (size, count) = struct.unpack_from("<Q", data, 40), struct.unpack_from("<HH", data, 58)
    # Name, type, flags, address, offset, size, link, and three more.
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + size * number) for number in range(count)]
    table = next(section for section in sections if section[1] == 2)
    names = sections[table[6]][4]
    result = {}
    for entry in struct.iter_unpack("<IBBHQQ", data[table[4]:table[4] + table[5]]):
        name = names + entry[0]
        result[data[name:data.index(b"\0", name)].decode()] = entry[4]
    return result


def load():
    """A function that gives libjuice's functions by name and type."""
    # Importing the package has loaded it, and the libraries beside it that it needs.
    folder = os.path.dirname(os.path.dirname(pylibdatachannel.__file__))
    path, = glob.glob(folder + "/pylibdatachannel.libs/libdatachannel-*.so*")
    library, values = ctypes.CDLL(path), symbols(path)
    # An exported function tells where the library is.
    base = ctypes.cast(library.rtcPreload, c_void_p).value - values["rtcPreload"]
    return lambda name, result, *arguments: CFUNCTYPE(result, *arguments)(base + values[name])


function = load()
juice_create = function("juice_create", c_void_p, POINTER(Config))
juice_destroy = function("juice_destroy", None, c_void_p)
juice_set_local_ice_attributes = function(
    "juice_set_local_ice_attributes", c_int, c_void_p, c_char_p, c_char_p)
juice_gather_candidates = function("juice_gather_candidates", c_int, c_void_p)
juice_set_remote_description = function("juice_set_remote_description", c_int, c_void_p, c_char_p)
juice_add_remote_candidate = function("juice_add_remote_candidate", c_int, c_void_p, c_char_p)
juice_set_remote_gathering_done = function("juice_set_remote_gathering_done", c_int, c_void_p)
juice_send = function("juice_send", c_int, c_void_p, c_char_p, c_size_t)
juice_get_selected_candidates = function(
    "juice_get_selected_candidates", c_int, c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)
juice_set_log_level = function("juice_set_log_level", None, c_int)
juice_set_log_handler = function("juice_set_log_handler", None, Logged)


def log(take):
    """Has a function take what libjuice says that is more than information."""
    handler = Logged(lambda level, text: take(LEVELS[level] + ":", text.decode()))
    log.handler = handler  # C has it, so Python must keep it.
    juice_set_log_handler(handler)
    juice_set_log_level(LEVELS.index("warning"))


class Failure(Exception):
    """libjuice has refused something."""


def check(name, result):
    if result < 0:
        raise Failure(f"{name}: {result}")


# MARK: The agent

class Agent:
    """An agent, whose threads call `report` with it, a word, and a state, candidate or datagram.

    It controls if it gathers before it is told the other's credentials.
    """

    def __init__(self, report, stun=None, turn=None):
        self.credentials = secrets.token_hex(4), secrets.token_hex(12)
        self.state, self.candidates, self.received, self.waiting = "disconnected", [], [], []
        self.is_gathered = self.is_told = self.is_replaced = False
        # The structure keeps what it points to.
        self.config = Config(
            cb_state_changed=StateChanged(lambda _, state, __: report(self, "state", STATES[state])),
            cb_candidate=CandidateGathered(lambda _, line, __: report(self, "candidate", line.decode())),
            cb_gathering_done=GatheringDone(lambda _, __: report(self, "gathered", None)),
            cb_recv=Received(
                lambda _, data, size, __: report(self, "data", ctypes.string_at(data, size))))
        if stun:
            host, self.config.stun_server_port = stun
            self.config.stun_server_host = host.encode()
        if turn:
            host, port, user, password = turn
            server = TURNServer(host.encode(), user.encode(), password.encode(), port)
            self.config.turn_servers, self.config.turn_servers_count = ctypes.pointer(server), 1
        self.agent = juice_create(byref(self.config))
        check("credentials", juice_set_local_ice_attributes(
            self.agent, *[text.encode() for text in self.credentials]))

    def gather(self):
        check("gathering", juice_gather_candidates(self.agent))

    def take(self, fragment, password):
        """Takes the other's credentials, once: libjuice has no restart."""
        self.is_told = True
        text = f"a=ice-ufrag:{fragment}\r\na=ice-pwd:{password}\r\n"
        check("description", juice_set_remote_description(self.agent, text.encode()))

    def add(self, line):
        """Takes a candidate of the other's."""
        result = juice_add_remote_candidate(self.agent, line.encode())
        if result != IGNORED:
            check("candidate", result)

    def finish(self):
        """The other has no more candidates."""
        check("end of candidates", juice_set_remote_gathering_done(self.agent))

    def changed(self, state):
        """Notes a state that it has reported."""
        self.state = state
        if self.is_connected():
            waiting, self.waiting = self.waiting, []
            for block in waiting:
                self.send(block)

    def is_connected(self):
        return self.state in ("connected", "completed")

    def send(self, block):
        """Sends a datagram, once there is a pair: the other may have one, and send, earlier."""
        if self.is_connected():
            check("data", juice_send(self.agent, block, len(block)))
        else:
            self.waiting.append(block)

    def selected(self):
        """The types of the candidates of the selected pair, its own first."""
        own, other = ctypes.create_string_buffer(256), ctypes.create_string_buffer(256)
        check("selected pair", juice_get_selected_candidates(self.agent, own, 256, other, 256))
        return [buffer.value.decode().partition(" typ ")[2].split(" ")[0] for buffer in (own, other)]

    def destroy(self):
        juice_destroy(self.agent)
