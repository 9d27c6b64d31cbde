"""Peers that a relay must not be used to reach, in every form in which an address can carry another."""

import os
import socket
import time

import messages as stun
from client import Client, word
from rows import Row
from street import ATTACKER, OTHER_OWN, PORT, RELAY, SERVICE_PORT

# The address of each, and what it is.
FORBIDDEN = [
    (OTHER_OWN, "another of the relay's own addresses"),
    ('127.0.0.1', 'loopback'),
    ('127.8.8.8', 'loopback, another one'),
    ('0.0.0.0', 'unspecified'),
    ('0.1.2.3', 'this network'),
    ('10.0.0.1', 'private'),
    ('172.16.0.1', 'private'),
    ('192.168.1.1', 'private'),
    ('100.64.0.1', 'shared, carrier-grade NAT'),
    ('169.254.169.254', "link-local, a cloud's metadata"),
    ('192.0.0.8', 'IETF protocols'),
    ('198.18.0.1', 'benchmarks'),
    ('224.0.0.251', 'multicast'),
    ('240.0.0.1', 'reserved'),
    ('255.255.255.255', 'broadcast'),
    ('::1', 'loopback'),
    ('::', 'unspecified'),
    ('fe80::1', 'link-local'),
    ('fc00::1', 'unique local'),
    ('fd00:ec2::254', "unique local, a cloud's metadata"),
    ('fec0::1', 'site-local'),
    ('ff02::fb', 'multicast'),
    ('100::1', 'discard-only'),
    ('::ffff:127.0.0.1', 'IPv4-mapped loopback'),
    ('::ffff:0.0.0.0', 'IPv4-mapped unspecified'),
    ('::ffff:10.0.0.1', 'IPv4-mapped private'),
    ('::ffff:169.254.169.254', 'IPv4-mapped link-local'),
    ('::ffff:' + RELAY, "IPv4-mapped, the relay's own address"),
    ('::127.0.0.1', 'IPv4-compatible loopback'),
    ('::10.0.0.1', 'IPv4-compatible private'),
    ('64:ff9b::127.0.0.1', 'NAT64 loopback'),
    ('64:ff9b::10.0.0.1', 'NAT64 private'),
    ('64:ff9b:1::10.0.0.1', 'NAT64 by the local prefix'),
    ('2002:7f00:1::1', '6to4 loopback'),
    ('2002:a00:1::1', '6to4 private'),
    ('2001:0:a00:1::f5ff:fffe', 'Teredo, server 10.0.0.1'),
    ('2001:0:4136:e378:8000:63bf:80ff:fffe', 'Teredo, client 127.0.0.1'),
    ('2001:db8:1::5efe:7f00:1', 'ISATAP loopback'),
    ('2001:db8:1::200:5efe:a00:1', 'ISATAP private'),
]

REFUSED = '403'


def forbidden_peers(street):
    """Each forbidden peer by CreatePermission, ChannelBind, Send, ChannelData and Connect."""
    clients = {}
    for family in (4, 6):
        clients[family] = Client()
        if clients[family].allocate(family)[0] is None:
            raise SystemExit(f'attack: no allocation of IPv{family}')
    connections = connects(street)
    seen = {}
    for index, (address, _) in enumerate(FORBIDDEN):
        client = clients[6 if ':' in address else 4]
        permission, channel = (
            word(client.permit(address)), word(client.bind(0x4000 + index, address, SERVICE_PORT)))
        seen[address] = (permission, channel, b'mark %d' % index)
    # Several times: a datagram that cannot be sent may take the next one with it.
    for _ in range(3):
        for index, (address, _) in enumerate(FORBIDDEN):
            client, mark = clients[6 if ':' in address else 4], seen[address][2]
            client.indicate(mark, address, SERVICE_PORT)
            client.send(stun.channel_data(0x4000 + index, mark + b'c'))
            time.sleep(0.002)
    arrived = marks(street, 1.5)
    for client in clients.values():
        client.close()
    for address, what in FORBIDDEN:
        permission, channel, mark = seen[address]
        result = granted(permission, channel)
        if mark in arrived or mark + b'c' in arrived:
            result += ', arrives'
        yield Row('Forbidden peers', f'`{address}`, {what}', result, result == REFUSED, REFUSED)
    yield connections


def granted(permission, channel):
    if permission == channel:
        return {'success': 'granted'}.get(permission, permission)
    return f'permission {permission}, channel {channel}'


def marks(street, seconds):
    """What the service of the relay's host gets within a moment."""
    found, end = set(), time.monotonic() + seconds
    while time.monotonic() < end:
        for place in street.services:
            try:
                while True:
                    found.add(place.recv(2048))
            except BlockingIOError:
                pass
        time.sleep(0.01)
    return found


def connects(street):
    """How many of the forbidden peers a Connect (RFC 6062) is tried to."""
    attack = 'a Connect to each of them (RFC 6062)'
    right = '403 for each, or no TCP allocations'
    addresses = [address for address, _ in FORBIDDEN if ':' not in address]
    client = Client(over='tcp')
    relayed, answer = client.allocate(transport=6)
    if relayed is None:
        result = f'no TCP allocations: {word(answer)}'
        return Row('Forbidden peers', attack, result, word(answer) == '442', right)
    asked = {}
    for address in addresses:
        transaction = os.urandom(12)
        asked[transaction] = address
        client.send(client.request(
            stun.CONNECT, lambda id_, address=address: stun.peer(address, SERVICE_PORT, id_),
            transaction))
    refused, end = 0, time.monotonic() + 2
    while (left := end - time.monotonic()) > 0 and (bytes_ := client.receive(left)):
        read = stun.Message(bytes_)
        refused += read.transaction in asked and read.code == 403
    client.close()
    tried = len(addresses) - refused
    result = f'{refused} of {len(addresses)} refused' if tried else '403 for each'
    return Row('Forbidden peers', attack, result, tried == 0, right)


def own_services(street):
    """The relay's own address, where relayed addresses are peers and its services are not."""
    def row(attack, result, right):
        return Row("The relay's own address", attack, result, result == right, right)

    client, other = Client(), Client()
    relayed, _ = client.allocate()
    theirs, _ = other.allocate()
    for address, port, what in (
            (RELAY, SERVICE_PORT, 'a service of its host'), (RELAY, PORT, 'its TURN port')):
        client.permit(address)
        channel = word(client.bind(0x4001 + port % 100, address, port))
        question = stun.message(stun.BINDING)
        client.indicate(question, address, port)
        client.send(stun.channel_data(0x4001 + port % 100, question))
        reached = question in marks(street, 0.7) or any_data(client, 0.7)
        result = f'channel {channel}, ' + ('reached' if reached else 'not reached')
        yield row(f'{what}, `{address}:{port}`', result, 'channel 403, not reached')
    # Two who use one relay must be able to meet (field report T14).
    client.permit(theirs[0])
    other.permit(relayed[0])
    client.indicate(b'to each other', *theirs)
    data = other.receive(5)
    result = 'relayed' if data and b'to each other' in data else 'not relayed'
    yield row("another client's relayed transport address", result, 'relayed')

    # A request with a peer that is refused has installed nothing.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind((ATTACKER, 0))
        port = peer.getsockname()[1]
        answer = word(client.ask(
            stun.CREATE_PERMISSION,
            lambda id_: stun.peer(ATTACKER, port, id_) + stun.peer('127.0.0.1', 1, id_)))
        client.indicate(b'half', ATTACKER, port)
        reached = hears(peer, b'half', 1)
        result = f'{answer}, the other ' + ('permitted' if reached else 'not permitted')
        yield row('a sound peer and `127.0.0.1` in one CreatePermission', result,
                  '403, the other not permitted')
        client.permit(ATTACKER)
        client.indicate(b'sound', ATTACKER, port)
        yield row('a sound peer, for comparison', 'reached' if hears(peer, b'sound') else
                  'not reached', 'reached')
    with street.at_relay():
        stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind((OTHER_OWN, 0))
    stranger.sendto(b'unasked', relayed)
    result = 'delivered' if any_data(client, 1, b'unasked') else 'dropped'
    stranger.close()
    yield row('data of a peer without permission', result, 'dropped')
    client.close()
    other.close()


def hears(peer, data, seconds=5):
    peer.settimeout(seconds)
    try:
        return peer.recv(2048) == data
    except TimeoutError:
        return False


def any_data(client, seconds, data=b''):
    """Whether a Data indication or ChannelData with these bytes comes."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        bytes_ = client.receive(left)
        if bytes_ and data in bytes_ and (
                bytes_[0] & 0xC0 == 0x40 or bytes_[:2] == b'\x00\x17'):
            return True
    return False
