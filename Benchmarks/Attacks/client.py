"""A TURN client that says exactly what an attack wants to be said, over UDP or TCP."""

import contextlib
import os
import socket
import struct
import time

import messages as stun
from street import PORT, RELAY

# How often a request is sent over UDP, half a second apart: the machine may be busy otherwise.
TRIES = 12


class Client:
    """One 5-tuple, one user."""

    def __init__(self, user='alice', password='pass', over='udp'):
        kind = socket.SOCK_DGRAM if over == 'udp' else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.settimeout(10)
        self.socket.connect((RELAY, PORT))
        self.over, self.user, self.password = over, user, password
        self.realm = self.nonce = None
        self.buffer, self.others = b'', []

    def close(self):
        self.socket.close()

    # Bytes

    def send(self, bytes_):
        self.socket.sendall(bytes_)

    def receive(self, seconds):
        """A datagram or a frame of the stream; None if none comes, b'' when the stream has ended."""
        end = time.monotonic() + seconds
        while True:
            if self.over == 'tcp' and (frame := self.frame()):
                return frame
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                bytes_ = self.socket.recv(65536)
            except (TimeoutError, BlockingIOError):
                return None
            except ConnectionError:
                return b''
            if self.over == 'udp' or not bytes_:
                return bytes_
            self.buffer += bytes_

    def frame(self):
        if len(self.buffer) < 4:
            return None
        kind, length = struct.unpack_from('!HH', self.buffer)
        count = 20 + length if kind < 0x4000 else 4 + length + -length % 4
        if len(self.buffer) < count:
            return None
        frame, self.buffer = self.buffer[:count], self.buffer[count:]
        return frame

    # Requests

    def request(self, method, attributes=lambda transaction: b'', transaction=None, **forged):
        """A request with the client's credentials, or with forged ones."""
        transaction = transaction or os.urandom(12)
        body = attributes(transaction)
        if self.nonce is None:
            return stun.message(method, body, transaction)
        user, realm = forged.get('user', self.user), forged.get('realm', self.realm)
        body += stun.attribute(stun.USERNAME, user.encode())
        body += stun.attribute(stun.REALM, realm.encode())
        body += stun.attribute(stun.NONCE, forged.get('nonce', self.nonce))
        bytes_ = stun.message(method, body, transaction)
        if forged.get('bare'):
            return bytes_
        key = stun.long_term_key(user, realm, forged.get('password', self.password))
        return stun.sealed(bytes_, key)

    def exchange(self, bytes_, seconds=0.5):
        """The response to a request, sent again if it is UDP; None if none comes."""
        transaction = bytes_[8:20]
        for _ in range(TRIES if self.over == 'udp' else 1):
            self.send(bytes_)
            end = time.monotonic() + (seconds if self.over == 'udp' else TRIES * seconds)
            while (left := end - time.monotonic()) > 0:
                answer = self.receive(left)
                if answer == b'':
                    return None
                if answer is None:
                    break
                with contextlib.suppress(ValueError):
                    read = stun.Message(answer)
                    if read.transaction == transaction:
                        return read
                self.others.append(answer)
        return None

    def ask(self, method, attributes=lambda transaction: b''):
        """The response, after a challenge if there is one."""
        for _ in range(3):
            answer = self.exchange(self.request(method, attributes))
            if answer is None or answer.code not in (401, 438) or stun.NONCE not in answer.attributes:
                return answer
            if answer.code == 401 and self.nonce is not None:
                return answer
            self.take_up(answer)
        return answer

    def take_up(self, challenge):
        self.realm = challenge.attributes[stun.REALM].decode()
        self.nonce = challenge.attributes[stun.NONCE]

    def allocate(self, family=4, transport=17):
        """The relayed transport address; None and the response where there is none."""
        def attributes(_):
            body = stun.attribute(stun.REQUESTED_TRANSPORT, bytes([transport, 0, 0, 0]))
            if family == 6:
                body += stun.attribute(stun.REQUESTED_ADDRESS_FAMILY, bytes([2, 0, 0, 0]))
            return body

        answer = self.ask(stun.ALLOCATE, attributes)
        if answer is None or answer.code:
            return None, answer
        return answer.address(stun.XOR_RELAYED_ADDRESS), answer

    def permit(self, address, port=0):
        return self.ask(stun.CREATE_PERMISSION, lambda id_: stun.peer(address, port, id_))

    def bind(self, number, address, port):
        return self.ask(
            stun.CHANNEL_BIND,
            lambda id_: stun.attribute(stun.CHANNEL_NUMBER, struct.pack('!HH', number, 0))
            + stun.peer(address, port, id_))

    def refresh(self, lifetime=None):
        body = b'' if lifetime is None else stun.attribute(
            stun.LIFETIME, struct.pack('!I', lifetime))
        return self.ask(stun.REFRESH, lambda _: body)

    def indicate(self, data, address, port):
        """Sends a Send indication."""
        transaction = os.urandom(12)
        self.send(stun.message(
            stun.SEND | stun.INDICATION,
            stun.peer(address, port, transaction) + stun.attribute(stun.DATA_ATTRIBUTE, data),
            transaction))


def word(answer):
    """What a response is, for the table."""
    if answer is None:
        return 'silence'
    return str(answer.code) if answer.code else 'success'
