"""Lets two programs of a kind meet by ICE, again and again, and says how long they took.

    meet.py [--in-two-steps] ALICE BOB RUNS CANDIDATES DEAD COMMAND…

ALICE and BOB are network namespaces. COMMAND, with `offer` or `answer` behind it, is a side of the
meeting: it prints its description to a line that is a dot, reads the other's likewise, and then prints

    given NANOSECONDS        when it had read all of it, before its agent was told
    connected NANOSECONDS    when its agent had selected a nominated pair

of CLOCK_MONOTONIC, which all programs of a machine share. With --in-two-steps, credentials are
exchanged likewise before the candidates, for a library whose answerer gathers only then.

The other is told of so many candidates: one that is server-reflexive, and hosts. So many dead ones
stand before them, whose packets are lost on the way. Prints the 50th and the 95th percentile of the
milliseconds from the later `given` to the later `connected`, and the median of the datagrams that both
have sent in that time, divided by tabs.
"""

import argparse
import statistics
import subprocess
import sys
import threading

PATIENCE = 30


class Silence(Exception):
    """A side has ended, or has said something else than was expected."""


class Side:
    def __init__(self, namespace, command, role):
        # Its last words alone are told, and only where it fails.
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *command, role], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.timer = threading.Timer(PATIENCE, self.process.kill)
        self.timer.start()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise Silence("a side has ended, or took longer than 30 s")
        return line.strip()

    def text(self):
        lines = []
        while (line := self.line()) != ".":
            lines.append(line)
        return lines

    def tell(self, lines):
        self.process.stdin.write("\n".join([*lines, ".", ""]))
        self.process.stdin.flush()

    def time(self, word):
        name, _, value = self.line().partition(" ")
        if name != word:
            raise Silence(f"{name} instead of {word}")
        return int(value)

    def sent(self):
        """How many datagrams the namespace has sent."""
        with open(f"/proc/{self.process.pid}/net/snmp", encoding="ascii") as file:
            names, values = [line.split() for line in file if line.startswith("Udp:")]
        return int(values[names.index("OutDatagrams")])

    def end(self):
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()


def told(lines, count, dead):
    """The description with so many candidates."""
    candidates = [line for line in lines if line.startswith("a=candidate:")]
    reflexive = [line for line in candidates if " typ srflx" in line][:1]
    hosts = [line for line in candidates if " typ host" in line][:count - 1]
    if len(reflexive) + len(hosts) != count:
        raise Silence(f"{len(reflexive)} server-reflexive candidates and {len(hosts)} hosts")
    # With the priorities of hosts that are the first of several addresses.
    graves = [
        f"a=candidate:dead{number} 1 udp {2130706175 - 256 * number} 203.0.113.{100 + number} 9 typ host"
        for number in range(dead)]
    result, is_done = [], False
    for line in lines:
        if not line.startswith("a=candidate:"):
            result.append(line)
        elif not is_done:
            result += graves + hosts + reflexive
            is_done = True
    return result


def meet(arguments):
    sides = []
    try:
        for namespace, role in [(arguments.alice, "offer"), (arguments.bob, "answer")]:
            sides.append(Side(namespace, arguments.command, role))
        alice, bob = sides
        if arguments.in_two_steps:
            bob.tell(alice.text())
            alice.tell(bob.text())
        texts = [told(side.text(), arguments.candidates, arguments.dead) for side in sides]
        before = sum(side.sent() for side in sides)
        bob.tell(texts[0])
        alice.tell(texts[1])
        given = max(side.time("given") for side in sides)
        connected = max(side.time("connected") for side in sides)
        return (connected - given) / 1e6, sum(side.sent() for side in sides) - before
    finally:
        for side in sides:
            side.end()


def percentile(values, part):
    """The smallest value that so many percent are not above."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * part // 100) - 1)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("alice")
    parser.add_argument("bob")
    parser.add_argument("runs", type=int)
    parser.add_argument("candidates", type=int)
    parser.add_argument("dead", type=int)
    parser.add_argument("--in-two-steps", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    results, failures = [], 0
    while len(results) < arguments.runs:
        try:
            results.append(meet(arguments))
        except (Silence, BrokenPipeError) as reason:
            # A server's answer that was late on a busy machine is no fault of the checks.
            failures += 1
            print(f"compare: {arguments.command[-1]}: {reason}", file=sys.stderr)
            if failures > 3:
                sys.exit(1)
    times = [time for time, _ in results]
    print(f"{percentile(times, 50):.1f}", f"{percentile(times, 95):.1f}",
          f"{statistics.median(count for _, count in results):.0f}", sep="\t")


main()
