"""Requests of others, of nobody, and of yesterday."""

import os
import struct

import messages as stun
from client import Client, word
from rows import Row


def forgeries(_):
    """Requests that must not be believed, and an allocation that must outlive them all."""
    def row(attack, result, *right):
        return Row('Forged and replayed requests', attack, result, result in right, right[0])

    victim, second = Client(), Client('bob', 'word')
    victim.allocate()
    second.allocate()

    forged = victim.request
    end = lambda _: stun.attribute(stun.LIFETIME, struct.pack('!I', 0))
    for attack, bytes_ in (
            ('Refresh to 0 without MESSAGE-INTEGRITY', forged(stun.REFRESH, end, bare=True)),
            ('Refresh to 0 with a wrong password', forged(stun.REFRESH, end, password='word')),
            ('Refresh to 0 by a user whom the relay does not know',
             forged(stun.REFRESH, end, user='mallory')),
            ('Refresh to 0 for another realm', forged(stun.REFRESH, end, realm='example.net')),
            ('Refresh whose LIFETIME was changed under way', changed(forged(
                stun.REFRESH, lambda _: stun.attribute(stun.LIFETIME, struct.pack('!I', 600))))),
            ('Refresh to 0 behind MESSAGE-INTEGRITY', behind(forged(stun.REFRESH)))):
        answer = victim.exchange(bytes_)
        right = ('401',)
        if 'behind' in attack:
            right = ('success, LIFETIME kept', '401')
            result = word(answer)
            if result == 'success':
                is_kept = answer.attributes.get(stun.LIFETIME) != bytes(4)
                result += ', LIFETIME kept' if is_kept else ', LIFETIME 0'
            yield row(attack, result, *right)
        else:
            yield row(attack, word(answer), *right)
    for attack, nonce in (('an invented nonce', os.urandom(16).hex().encode()),
                          ("another client's nonce", second.nonce)):
        answer = victim.exchange(forged(stun.REFRESH, end, nonce=nonce))
        yield row(f'Refresh to 0 with {attack}', word(answer), '438')
    # The second user's own password, on the first one's 5-tuple.
    other = Client('bob', 'word')
    other.socket, other.realm, other.nonce = victim.socket, victim.realm, victim.nonce
    yield row("another user's Refresh to 0 on the 5-tuple", word(other.refresh(0)), '441')
    yield row('the allocation after all that', word(victim.refresh()), 'success')

    # What somebody has recorded on the way, sent from elsewhere.
    thief = Client()
    for attack, method, attributes in (
            ('Allocate', stun.ALLOCATE, transport),
            ('CreatePermission', stun.CREATE_PERMISSION,
             lambda id_: stun.peer('198.51.100.77', 0, id_)),
            ('Refresh to 0', stun.REFRESH, end)):
        answer = thief.exchange(victim.request(method, attributes))
        yield row(f'a recorded {attack}, from another port', word(answer), '438', '437')
    # A retransmission, which is no attack, and another request on the 5-tuple.
    fresh = Client()
    challenge = fresh.exchange(fresh.request(stun.ALLOCATE, transport))
    fresh.take_up(challenge)
    request = fresh.request(stun.ALLOCATE, transport)
    first, again = fresh.exchange(request), fresh.exchange(request)
    same = word(again) + (
        ', the same' if again and first and again.bytes == first.bytes else ', another')
    yield row('an Allocate that comes twice (T1)', same, 'success, the same')
    yield row('another Allocate on the 5-tuple',
              word(fresh.exchange(fresh.request(stun.ALLOCATE, transport))), '437')
    for client in (victim, second, thief, fresh):
        client.close()
    yield quota(row)


def transport(_):
    return stun.attribute(stun.REQUESTED_TRANSPORT, bytes([17, 0, 0, 0]))


def quota(row):
    """How many allocations one user gets who asks for forty, each from a port of its own."""
    clients = [Client('carol', 'eager') for _ in range(40)]
    words = [word(client.allocate()[1]) for client in clients]
    count = words.count('success')
    for client in clients:
        client.refresh(0)
        client.close()
    result = 'all' if count == 40 else f'{count}, then {words[-1]}'
    return row('forty allocations for one user', result, '16, then 486')


def changed(bytes_):
    """The request with another lifetime, and the integrity that it had."""
    return bytes_.replace(struct.pack('!I', 600), bytes(4), 1)


def behind(bytes_):
    """The request with an attribute more, which no integrity covers."""
    more = bytes_ + stun.attribute(stun.LIFETIME, bytes(4))
    return more[:2] + struct.pack('!H', len(more) - 20) + more[4:]
