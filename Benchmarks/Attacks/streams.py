"""Streams that are slow, cut short, too long, or that hide one frame in another."""

import contextlib
import os
import socket
import struct
import threading
import time

import messages as stun
from client import Client
from peers import hears
from rows import Row
from street import ATTACKER, PORT, RELAY

# How long a client over TCP may take for its first message before a row says that it is not ended.
PATIENCE = 16
GROUP = 'Streams and frames'


def row(attack, result, *right):
    return Row(GROUP, attack, result, result in right, right[0])


class Slow(threading.Thread):
    """A connection that sends these bytes, and then one more each second."""

    def __init__(self, attack, at_once, then):
        super().__init__(daemon=True)
        self.attack, self.then = attack, then
        self.socket = socket.create_connection((RELAY, PORT))
        self.socket.sendall(at_once)
        self.is_ended = False

    def run(self):
        begin = time.monotonic()
        self.socket.settimeout(1)
        while time.monotonic() - begin < PATIENCE:
            try:
                if not self.socket.recv(2048):
                    break
            except TimeoutError:
                with contextlib.suppress(OSError):
                    self.socket.sendall(self.then[:1])
                    self.then = self.then[1:]
                continue
            except OSError:
                break
        else:
            return
        self.is_ended = True

    def row(self):
        self.join()
        self.socket.close()
        result = f'{"ended" if self.is_ended else "not ended"} within {PATIENCE} s'
        return row(self.attack, result, f'ended within {PATIENCE} s')


def slow_clients():
    """Started first, as they take longest."""
    request = stun.message(
        stun.ALLOCATE, stun.attribute(stun.REQUESTED_TRANSPORT, bytes([17, 0, 0, 0])))
    threads = [
        Slow('a client that sends one byte a second', b'', request),
        Slow('half a message, and nothing after it', request[:14], b''),
        Slow('a connection without a byte', b'', b'')]
    for thread in threads:
        thread.start()
    return threads


def streams(_):
    """Frames over TCP."""
    # T4: a length that wraps in 16 bits, and a message in its payload.
    for length in (0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF):
        question = stun.message(stun.BINDING)
        client = allocated('tcp')
        client.send(stun.channel_data(0x4000, question * 4, length))
        yield row(
            f'ChannelData of 0x{length:04X} bytes with messages in it', fate(client, question),
            'connection ended')
    question = stun.message(stun.BINDING)
    client = allocated('tcp')
    client.send(stun.channel_data(0x4000, question))
    yield row('a message in ChannelData of an unbound channel', fate(client, question),
              'nothing answered')
    client = allocated('tcp')
    client.send(struct.pack('!HHI', stun.BINDING, 0xFFFC, stun.COOKIE) + bytes(12) + question * 4)
    yield row('a message of 0xFFFC bytes with messages in it', fate(client, question),
              'nothing answered', 'connection ended')
    for attack, bytes_ in (
            ('a message whose length is no multiple of four',
             struct.pack('!HHI', stun.BINDING, 3, stun.COOKIE) + bytes(15)),
            ('HTTP instead of STUN', b'GET / HTTP/1.1\r\nHost: relay\r\n\r\n'),
            ('RTP instead of STUN', bytes([0x80, 0]) + bytes(40))):
        client = Client(over='tcp')
        client.send(bytes_ + question)
        yield row(attack, fate(client, question), 'connection ended')
    # What is no attack: a message and ChannelData in one read, and a message in pieces.
    with listening() as (peer, port):
        client = allocated('tcp')
        client.permit(ATTACKER)
        client.bind(0x4000, ATTACKER, port)
        client.send(question + stun.channel_data(0x4000, b'odd') + b'x')
        both = answers(client, question) and hears(peer, b'odd')
        yield row('a message and ChannelData of 3 bytes in one read, not an attack',
                  'both served, padding not relayed' if both else 'not served',
                  'both served, padding not relayed')
        client.close()


def datagrams(_):
    """Messages and frames over UDP whose lengths do not hold."""
    client = allocated('udp')
    first, second = stun.message(stun.BINDING), stun.message(stun.BINDING)
    client.send(first + second)
    found = replies(client, 1)
    yield row('two messages in a datagram', f'{len(found & {first[8:20], second[8:20]})} answered',
              '0 answered')
    with listening() as (peer, port):
        client.permit(ATTACKER)
        client.bind(0x4000, ATTACKER, port)
        client.send(stun.channel_data(0x4000, b'short', 500))
        yield row('ChannelData whose length is beyond the datagram',
                  'dropped' if not heard(client, peer) else 'relayed', 'dropped')
        client.send(stun.channel_data(0x4000, b'four' + first, 4))
        data = heard(client, peer)
        result = {b'four': '4 bytes relayed', None: 'dropped'}.get(data, 'more relayed')
        found = replies(client, 0.5)
        result += ', the message answered' if first[8:20] in found else ''
        yield row('ChannelData with a message behind its data', result, '4 bytes relayed',
                  'dropped')
        transaction = os.urandom(12)
        lying = stun.peer(ATTACKER, port, transaction) + struct.pack(
            '!HH', stun.DATA_ATTRIBUTE, 400) + b'four'
        client.send(stun.message(stun.SEND | stun.INDICATION, lying, transaction))
        yield row('a Send indication whose DATA is beyond the message',
                  'dropped' if not heard(client, peer) else 'relayed', 'dropped')
    client.close()


@contextlib.contextmanager
def listening():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((ATTACKER, 0))
        yield peer, peer.getsockname()[1]


def heard(client, peer):
    """What the peer hears before the sound data that are sent behind it; None for nothing."""
    client.send(stun.channel_data(0x4000, b'sound'))
    peer.settimeout(10)
    before = None
    while (data := peer.recv(2048)) != b'sound':
        before = data
    return before


def allocated(over):
    client = Client(over=over)
    if client.allocate()[0] is None:
        raise SystemExit(f'attack: no allocation over {over}')
    return client


def replies(client, seconds):
    """The transactions that are answered within a moment."""
    found, end = set(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        bytes_ = client.receive(left)
        if not bytes_:
            break
        found.add(bytes_[8:20])
    return found


def answers(client, question):
    return question[8:20] in replies(client, 2)


def fate(client, hidden, seconds=2):
    """What a relay does with a stream: whether it answers a message that it should not see."""
    end = time.monotonic() + seconds
    result = 'nothing answered'
    while (left := end - time.monotonic()) > 0:
        bytes_ = client.receive(left)
        if bytes_ is None:
            break
        if bytes_ == b'':
            result = 'connection ended'
            break
        if bytes_[8:20] == hidden[8:20]:
            result = 'the hidden message answered'
            break
    client.close()
    return result
