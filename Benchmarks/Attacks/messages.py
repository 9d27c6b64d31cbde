"""STUN messages as bytes (RFC 8489 §5), made without the code that is attacked with them."""

import hashlib
import hmac
import ipaddress
import os
import struct

COOKIE = 0x2112A442
BINDING, ALLOCATE, REFRESH, SEND = 0x001, 0x003, 0x004, 0x006
CREATE_PERMISSION, CHANNEL_BIND, CONNECT = 0x008, 0x009, 0x00A
INDICATION = 0x010

USERNAME, MESSAGE_INTEGRITY, ERROR_CODE = 0x0006, 0x0008, 0x0009
CHANNEL_NUMBER, LIFETIME, XOR_PEER_ADDRESS = 0x000C, 0x000D, 0x0012
DATA_ATTRIBUTE, REALM, NONCE, XOR_RELAYED_ADDRESS = 0x0013, 0x0014, 0x0015, 0x0016
REQUESTED_ADDRESS_FAMILY, REQUESTED_TRANSPORT = 0x0017, 0x0019


def attribute(kind, value):
    """An attribute with its padding."""
    return struct.pack('!HH', kind, len(value)) + value + bytes(-len(value) % 4)


def message(type_, attributes=b'', transaction=None):
    """A message without integrity; its type is a method and a class."""
    transaction = transaction or os.urandom(12)
    return struct.pack('!HHI', type_, len(attributes), COOKIE) + transaction + attributes


def sealed(bytes_, key):
    """The message with MESSAGE-INTEGRITY after everything else (RFC 8489 §14.5)."""
    length = len(bytes_) - 20 + 24
    covered = bytes_[:2] + struct.pack('!H', length) + bytes_[4:]
    code = hmac.new(key, covered, hashlib.sha1).digest()
    return covered + attribute(MESSAGE_INTEGRITY, code)


def long_term_key(user, realm, password):
    return hashlib.md5(f'{user}:{realm}:{password}'.encode()).digest()


def xored(address, port, transaction):
    """The value of XOR-PEER-ADDRESS and its like (RFC 8489 §14.2)."""
    packed = ipaddress.ip_address(address).packed
    mask = struct.pack('!I', COOKIE) + transaction
    family = 1 if len(packed) == 4 else 2
    return struct.pack('!BBH', 0, family, port ^ COOKIE >> 16) + bytes(
        byte ^ other for byte, other in zip(packed, mask))


def peer(address, port, transaction):
    return attribute(XOR_PEER_ADDRESS, xored(address, port, transaction))


def channel_data(number, data, length=None):
    """ChannelData (RFC 8656 §12.4), at will with a length that is not its data's."""
    return struct.pack('!HH', number, len(data) if length is None else length) + data


class Message:
    """A message that was read; ValueError where the bytes are none."""

    def __init__(self, bytes_):
        if len(bytes_) < 20:
            raise ValueError('too short')
        self.type, length, cookie = struct.unpack_from('!HHI', bytes_)
        if self.type >> 14 or cookie != COOKIE or length != len(bytes_) - 20:
            raise ValueError('no STUN message')
        self.bytes, self.transaction = bytes_, bytes_[8:20]
        self.attributes, offset = {}, 20
        while offset < len(bytes_):
            kind, count = struct.unpack_from('!HH', bytes_, offset)
            self.attributes.setdefault(kind, bytes_[offset + 4:offset + 4 + count])
            offset += 4 + count + -count % 4

    @property
    def code(self):
        """The error's code; 0 for a success."""
        value = self.attributes.get(ERROR_CODE)
        return value[2] * 100 + value[3] if value else 0

    def address(self, kind):
        """An address and its port."""
        value = self.attributes[kind]
        mask = struct.pack('!I', COOKIE) + self.transaction
        packed = bytes(byte ^ other for byte, other in zip(value[4:], mask))
        port = struct.unpack('!H', value[2:4])[0] ^ COOKIE >> 16
        return str(ipaddress.ip_address(packed)), port
