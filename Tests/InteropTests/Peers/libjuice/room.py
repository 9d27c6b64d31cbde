"""A member of a room of `serve --signal`, by WebSocket (RFC 6455)."""

import base64
import os
import socket
import threading


class Room:
    """A room, of which a thread calls `report` with each message of the other member's."""

    def __init__(self, server, name, report):
        self.connection = socket.create_connection(server)
        self.input = self.connection.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            f"GET /{name} HTTP/1.1\r\nHost: {server[0]}:{server[1]}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
            .encode())
        head = list(iter(self.input.readline, b"\r\n"))
        if b" 101 " not in head[0]:
            raise ConnectionError(head[0].decode())
        threading.Thread(target=self.read, args=[report], daemon=True).start()

    def read(self, report):
        try:
            while first := self.input.read(1):
                length = self.input.read(1)[0]
                if length > 125:
                    length = int.from_bytes(self.input.read(2 if length == 126 else 8), "big")
                payload = self.input.read(length)
                if first[0] & 15 == 1:
                    report(payload.decode())
                elif first[0] & 15 == 9:
                    self.write(10, payload)
        except OSError:
            pass  # The other has left, and the room is over.

    def write(self, kind, payload):
        """Sends a frame of this kind; none is longer than 65 535 bytes."""
        length = len(payload)
        size = bytes([128 | length]) if length < 126 else b"\xfe" + length.to_bytes(2, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[number & 3] for number, byte in enumerate(payload))
        try:
            self.connection.sendall(bytes([128 | kind]) + size + mask + masked)
        except OSError:
            pass  # The same.

    def say(self, text):
        self.write(1, text.encode())
