"""A network of its own for one relay, and one for whoever attacks it.

    attacker 198.51.100.2, 2001:db8::2 ── cable ── relay 198.51.100.1, 2001:db8::1

Both are namespaces without a name: they go with the processes in them, however those end.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time

libc = ctypes.CDLL(None, use_errno=True)
NEW_NETWORK = 0x40000000

RELAY, RELAY6 = '198.51.100.1', '2001:db8::1'
ATTACKER, ATTACKER6 = '198.51.100.2', '2001:db8::2'
# Another address of the relay's host, which it neither listens at nor relays from.
OTHER_OWN = '198.51.100.9'
PORT = 3478
# Where the relay's host has a service of its own, at all of its addresses.
SERVICE_PORT = 9999
USERS = {'alice': 'pass', 'bob': 'word', 'carol': 'eager'}


def die_with_parent():
    libc.prctl(1, signal.SIGKILL)


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


class Street:
    """The two networks; this process is in the attacker's from now on."""

    def __init__(self):
        if libc.unshare(NEW_NETWORK):
            raise OSError(ctypes.get_errno(), 'a network namespace needs root')
        self.home = os.open('/proc/self/ns/net', os.O_RDONLY)
        self.holder = subprocess.Popen(
            ['unshare', '-n', 'sleep', 'infinity'], preexec_fn=die_with_parent)
        path = f'/proc/{self.holder.pid}/ns/net'
        here = os.readlink('/proc/self/ns/net')
        wait('the namespace', lambda: os.readlink(path) != here)
        self.relay = os.open(path, os.O_RDONLY)
        run('ip', 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable',
            'netns', str(self.holder.pid))
        self.setup(ATTACKER, ATTACKER6)
        with self.at_relay():
            self.setup(RELAY, RELAY6)
            run('ip', 'address', 'add', OTHER_OWN + '/32', 'dev', 'lo')
            # What is sent to forged sources leaves by the cable, and ends there.
            run('ip', 'route', 'add', 'default', 'via', ATTACKER)
            run('ip', '-6', 'route', 'add', 'default', 'via', ATTACKER6)
            self.services = [service(family) for family in (socket.AF_INET, socket.AF_INET6)]

    @staticmethod
    def setup(address, address6):
        run('ip', 'link', 'set', 'lo', 'up')
        for name in ('all', 'default'):
            with open(f'/proc/sys/net/ipv4/conf/{name}/rp_filter', 'w') as file:
                file.write('0')
        run('ip', 'address', 'add', address + '/24', 'dev', 'cable')
        run('ip', 'address', 'add', address6 + '/64', 'dev', 'cable', 'nodad')
        run('ip', 'link', 'set', 'cable', 'up')

    @contextlib.contextmanager
    def at_relay(self):
        """What is opened or started inside is in the relay's network."""
        libc.setns(self.relay, NEW_NETWORK)
        try:
            yield
        finally:
            libc.setns(self.home, NEW_NETWORK)

    def start(self, words, log):
        """Starts the relay; waits until it listens over UDP and TCP."""
        with self.at_relay(), open(log, 'wb') as output:
            self.server = subprocess.Popen(
                words, stdout=output, stderr=output, cwd=os.path.dirname(log),
                preexec_fn=die_with_parent)

        def listens():
            if self.server.poll() is not None:
                raise SystemExit(f'attack: {words[0]} has ended: {open(log).read()}')
            with contextlib.suppress(OSError):
                socket.create_connection((RELAY, PORT), timeout=1).close()
                socket.create_connection((RELAY6, PORT), timeout=1).close()
                return True

        wait(words[0], listens)

    def stop(self):
        self.server.terminate()
        self.server.wait(20)

    def memory(self):
        """The relay's memory in bytes: what is its own and resident."""
        with open(f'/proc/{self.server.pid}/status') as file:
            lines = dict(line.split(':', 1) for line in file)
        return int(lines['RssAnon'].split()[0]) * 1024

    def descriptors(self):
        """How many files and sockets the relay has open."""
        return len(os.listdir(f'/proc/{self.server.pid}/fd'))


def service(family):
    place = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        place.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    place.bind(('', SERVICE_PORT))
    place.setblocking(False)
    return place


def wait(what, is_there, seconds=60):
    end = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > end:
            raise SystemExit(f'attack: waited in vain for {what}')
        time.sleep(0.02)


def serve(program):
    """The words with which ours serves the users here."""
    words = [program, 'serve', '--listen', RELAY, '--listen', f'[{RELAY6}]:{PORT}',
             '--realm', 'example.org']
    for name, password in USERS.items():
        words += ['--user', f'{name}:{password}']
    return words
