"""An agent of libjuice's that speaks as `workbook connect` does, with the descriptions in this folder.

    main.py [OPTIONS] offer|answer WORDS

Prints what it hears, and on standard error libjuice's warnings, its states, and the types of the
selected pair.

With --room it is a member of a room of `serve --signal`, and tells its candidates as they are gathered.
With --lines the descriptions are told line by line while the session lasts, in files that grow:
candidates as they are gathered, and new credentials for each restart. A peer's word "restart" has it
restart; any other word is sent back. libjuice has no restart: here that is another agent of its.
"""

import argparse
import os
import queue
import sys
import time

import juice
from room import Room

SERVER, ROOM_PORT = ("203.0.113.9", 3478), 8080

# Blocks of `connect` have a byte before them.
DATA, END, END_HEARD = 192, 193, 194

parser = argparse.ArgumentParser()
parser.add_argument("side", choices=["offer", "answer"])
parser.add_argument("words")
parser.add_argument("--stun", action="store_true")
parser.add_argument("--turn", action="store_true")
parser.add_argument("--relay-only", action="store_true", help="tell of no other candidates")
parser.add_argument("--conflict", action="store_true", help="take the role that the other has")
parser.add_argument("--room", help="the name of a room")
parser.add_argument("--lines", action="store_true")
arguments = parser.parse_args()
own, other = ("offer", "answer") if arguments.side == "offer" else ("answer", "offer")
controls = (own == "offer") != arguments.conflict

events = queue.SimpleQueue()
end = time.monotonic() + 60


def say(*words):
    # One write, as libjuice has threads of its own.
    os.write(2, (" ".join(map(str, words)) + "\n").encode())


def new_agent():
    return juice.Agent(
        lambda *event: events.put(event), SERVER if arguments.stun else None,
        (*SERVER, "alice", "pass") if arguments.turn else None)


def next_event(seconds=0.02):
    """What has happened, as its source, a word and a value; nothing after a while."""
    if time.monotonic() > end:
        raise TimeoutError("nothing more has come in 60 s")
    try:
        agent, name, value = events.get(timeout=seconds)
    except queue.Empty:
        return None, "nothing", None
    if name == "state":
        say("state:", value)
        agent.changed(value)
        if value == "failed" and not agent.is_replaced:
            raise ConnectionError("libjuice has found no way")
        if value == "completed":
            say("selected:", *agent.selected())
    elif name == "gathered":
        agent.is_gathered = True
    elif name == "candidate":
        if arguments.relay_only and " typ relay" not in value:
            return None, "nothing", None
        agent.candidates.append(value)
    elif name == "data":
        agent.received.append(value)
    return agent, name, value


# MARK: Descriptions

def text(agent, lines):
    fragment, password = agent.credentials
    return "\r\n".join([
        f"a=ice-ufrag:{fragment}", f"a=ice-pwd:{password}", "m=application 9 udp octet-stream",
        *lines, ""])


def take(agent, lines):
    values = dict(line.partition(":")[::2] for line in lines)
    if not agent.is_told:
        agent.take(values["a=ice-ufrag"], values["a=ice-pwd"])
    for line in lines:
        if line.startswith("a=candidate:"):
            agent.add(line)
    if "a=end-of-candidates" in lines:
        agent.finish()


def exchange_by_files():
    agent = new_agent()
    if not controls:
        read(agent)
    agent.gather()
    while not agent.is_gathered:
        next_event()
    with open(own + ".part", "w", encoding="utf-8") as file:
        file.write(text(agent, [*agent.candidates, "a=end-of-candidates"]))
    os.rename(own + ".part", own)
    if controls:
        read(agent)
    return agent


def read(agent):
    while not os.path.exists(other):
        next_event()
    with open(other, encoding="utf-8") as file:
        take(agent, file.read().splitlines())


def exchange_by_room():
    """Tells what is gathered, and takes what is told, until a pair is selected."""
    room = Room(
        (SERVER[0], ROOM_PORT), arguments.room,
        lambda message: events.put((None, "told", message)))
    agent = new_agent()
    is_gathering = controls
    if controls:
        agent.gather()
    while agent.state != "completed":
        _, name, value = next_event()
        if name == "candidate":
            room.say(text(agent, [value]))
        elif name == "gathered":
            room.say(text(agent, ["a=end-of-candidates"]))
        elif name == "told":
            take(agent, value.splitlines())
            if not is_gathering:
                is_gathering = True
                agent.gather()
    return agent


# MARK: The talk

def talk(agent):
    """Says its words and its end, again until that is heard, and hears the other's."""
    is_open = ended = heard = False
    next_end = 0
    while not (ended and heard):
        if agent.state == "completed" and not is_open:
            is_open = True
            agent.send(bytes([DATA]) + arguments.words.encode() + b"\n")
        if is_open and not heard and time.monotonic() >= next_end:
            agent.send(bytes([END]))
            next_end = time.monotonic() + 0.2
        next_event()
        # Some may have come before libjuice had a pair, while descriptions were exchanged.
        while agent.received:
            block = agent.received.pop(0)
            if block[0] == DATA:
                sys.stdout.write(block[1:].decode())
                sys.stdout.flush()
            elif block[0] == END:
                agent.send(bytes([END_HEARD]))
                ended = True
            elif block[0] == END_HEARD:
                heard = True
    agent.destroy()


# MARK: Line by line

class Lines:
    """The lines that the other has told since the last look."""

    def __init__(self):
        self.file, self.part = None, ""

    def new(self):
        if self.file is None and os.path.exists(other):
            self.file = open(other, encoding="utf-8")
        # The last one may not be whole yet.
        *lines, self.part = (self.part + (self.file.read() if self.file else "")).split("\n")
        return [line.strip() for line in lines]


def converse_by_lines():
    """Follows the other's lines, and sends its words back; "end" ends the program."""
    told = open(own, "a", encoding="utf-8", buffering=1)
    lines, agents = Lines(), []
    # Whether it has restarted, and the other has not answered that yet.
    is_asking = False

    def begin():
        agent = new_agent()
        if agents:
            agents[-1].is_replaced = True
        agents.append(agent)
        fragment, password = agent.credentials
        told.write(f"a=ice-ufrag:{fragment}\na=ice-pwd:{password}\n")
        if controls:
            agent.gather()

    begin()
    while True:
        for line in lines.new():
            name, _, value = line.partition(":")
            if name == "a=ice-ufrag":
                fragment = value
            elif name == "a=ice-pwd":
                if agents[-1].is_told and not is_asking:
                    begin()
                is_asking = False
                agents[-1].take(fragment, value)
                if not controls:
                    agents[-1].gather()
            elif name == "a=candidate":
                agents[-1].add(line)
            elif name == "a=end-of-candidates":
                agents[-1].finish()
        agent, name, value = next_event()
        if name == "data" and value[1:] == b"end":
            break
        if name == "data" and value[1:] == b"restart":
            is_asking = True
            begin()
        elif name == "data":
            agent.send(value)
        elif agent is agents[-1] and name == "candidate":
            told.write(value + "\n")
        elif agent is agents[-1] and name == "gathered":
            told.write("a=end-of-candidates\n")
    for agent in agents:
        agent.destroy()


juice.log(say)
try:
    if arguments.lines:
        converse_by_lines()
    else:
        talk(exchange_by_room() if arguments.room else exchange_by_files())
except (OSError, juice.Failure) as error:
    # libjuice's threads go on, and would call what is no more.
    say(f"{type(error).__name__}: {error}")
    os._exit(1)
