"""Allocates without credentials from forged sources, and users who are to be served meanwhile."""

import os
import random
import socket
import struct
import threading
import time

import messages as stun
from client import Client
from rows import Row
from street import PORT, RELAY

# Where a relay that keeps something for each request is left alone, in bytes.
MEMORY_LIMIT = 2 << 30
# How many bytes may wait at the relay's socket before more are sent: it is to take each of them.
QUEUE = 60_000
HEADERS = 28


class Figures:
    """What a flood has cost."""

    sent = kept = answer_bytes = longest = lost = tries = served = echoes = echoed = 0
    seconds = 0.0
    slowest = 0.0
    is_cut_short = False

    @property
    def request(self):
        return HEADERS + 28

    @property
    def kept_each(self):
        return self.kept / self.sent

    @property
    def ratio(self):
        """All bytes that were answered, by all that were sent, with the headers of IPv4 and UDP."""
        return self.answer_bytes / (self.sent * self.request)


def flood(street, count):
    """Sends so many Allocates, each from a source of its own, as fast as the relay takes them."""
    figures = Figures()
    queue = receive_queue(street)
    counter = Answers()
    user = Users(figures)
    # Memory that comes with the first requests is not theirs.
    send(street, 2000, queue, figures, 0x2D00_0000)
    time.sleep(0.5)
    figures.sent = 0
    counter.start()
    user.start()
    before, lost = street.memory(), drops(street)
    begin = time.monotonic()
    send(street, count, queue, figures, 0x2E00_0000)
    figures.seconds = time.monotonic() - begin
    user.stop()
    time.sleep(0.3)
    figures.kept = max(0, street.memory() - before)
    figures.lost = drops(street) - lost
    figures.longest, figures.answer_bytes = counter.stop()
    return figures


def send(street, count, queue, figures, first_source):
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    body = stun.message(
        stun.ALLOCATE, stun.attribute(stun.REQUESTED_TRANSPORT, bytes([17, 0, 0, 0])), bytes(12))
    # The kernel fills the lengths and checksums of IPv4 in; UDP does without one.
    packet = bytearray(struct.pack(
        '!BBHHHBBH4s4sHHHH', 0x45, 0, 0, 0, 0, 64, 17, 0, bytes(4), socket.inet_aton(RELAY),
        0, PORT, 8 + len(body), 0) + body)
    generator = random.Random(8656)
    pack, to, sendto = struct.pack_into, (RELAY, 0), raw.sendto
    for number in range(count):
        pack('!I', packet, 12, first_source + number)
        pack('!H', packet, 20, 1024 + generator.getrandbits(15))
        pack('!QI', packet, 28 + 8, generator.getrandbits(64), number)
        sendto(packet, to)
        figures.sent += 1
        if number % 128 == 0:
            while queue() > QUEUE:
                time.sleep(0.0005)
            if number % 8192 == 0 and street.memory() > MEMORY_LIMIT:
                figures.is_cut_short = True
                break
    while queue():
        time.sleep(0.001)
    raw.close()


def receive_queue(street):
    """Says how many bytes wait at the relay's UDP socket."""
    path = f'/proc/{street.server.pid}/net/udp'
    local = f'{struct.unpack("<I", socket.inet_aton(RELAY))[0]:08X}:{PORT:04X}'

    def waiting():
        total = 0
        with open(path) as file:
            for line in file:
                if local in line:
                    total += int(line.split()[4].split(':')[1], 16)
        return total

    return waiting


def drops(street):
    """How many datagrams have found a socket of the relay's full."""
    return full_sockets(f'/proc/{street.server.pid}/net/snmp')


def received_drops():
    """How many datagrams have found a socket of the attacker's full."""
    return full_sockets('/proc/self/net/snmp')


def full_sockets(path):
    with open(path) as file:
        names, values = [line.split() for line in file if line.startswith('Udp:')]
    return int(dict(zip(names, values))['RcvbufErrors'])


class Answers(threading.Thread):
    """Counts what leaves the relay for forged sources."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.bind(('cable', 0))
        self.socket.settimeout(0.2)
        self.longest, self.is_over = 0, False

    def start(self):
        self.before = received_bytes()
        super().start()

    def run(self):
        while not self.is_over:
            try:
                bytes_ = self.socket.recv(2048)
            except TimeoutError:
                continue
            # Of forged sources alone: the others' first byte is another.
            if bytes_[16] in (0x2D, 0x2E, 0x2F):
                self.longest = max(self.longest, len(bytes_))

    def stop(self):
        total = received_bytes() - self.before
        self.is_over = True
        self.join()
        return self.longest, total


def received_bytes():
    """The bytes of IP that have come over the cable."""
    with open('/proc/net/dev') as file:
        for line in file:
            name, _, rest = line.partition(':')
            if name.strip() == 'cable':
                count = rest.split()
                # Each frame has an Ethernet header of 14 bytes.
                return int(count[0]) - 14 * int(count[1])
    raise SystemExit('attack: there is no cable')


class Users(threading.Thread):
    """New users who allocate, one after the other, and one whose allocation relays to itself."""

    def __init__(self, figures):
        super().__init__(daemon=True)
        self.figures, self.is_over = figures, False
        self.old = Client()
        self.relayed, _ = self.old.allocate()
        self.old.permit(self.relayed[0])

    def run(self):
        while not self.is_over:
            begin = time.monotonic()
            self.figures.tries += 1
            client = Client('bob', 'word')
            if client.allocate()[0]:
                self.figures.served += 1
                self.figures.slowest = max(self.figures.slowest, time.monotonic() - begin)
                client.refresh(0)
            client.close()
            mark = os.urandom(8)
            self.old.indicate(mark, *self.relayed)
            self.figures.echoes += 1
            bytes_ = self.old.receive(5)
            self.figures.echoed += bool(bytes_ and mark in bytes_)
            time.sleep(0.02)

    def stop(self):
        self.is_over = True
        self.join()
        self.old.close()


def flood_rows(figures):
    """The flood as rows whose words do not depend on the machine's mood."""
    def row(attack, result, is_right, right):
        return Row('A flood of unauthenticated Allocates from forged sources', attack, result,
                   is_right, right)

    kept = figures.kept_each
    # Pages that the allocator happens to touch are not kept for anybody.
    words = 'nothing' if kept < 64 else 'over 1000 bytes each' if kept > 1000 else 'something'
    yield row('what is kept of them', words, words == 'nothing', 'nothing')
    yield row('the longest answer, by its request of 56 bytes with headers',
              f'{figures.longest} bytes, {figures.longest / figures.request:.1f} times', True,
              'as short as RFC 8489 lets it be')
    served = figures.served == figures.tries > 0 and figures.echoed >= 0.9 * figures.echoes
    yield row('users and allocations meanwhile', 'served' if served else 'not all served', served,
              'served')
