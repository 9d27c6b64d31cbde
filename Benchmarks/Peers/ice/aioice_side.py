"""A side of a meeting, by aioice: see meet.py."""

import asyncio
import sys
import time

import aioice

agent = aioice.Connection(
    ice_controlling=sys.argv[1] == "offer", use_ipv6=False, stun_server=("203.0.113.9", 3478))


def say(*words):
    print(*words, flush=True)


def read():
    return list(iter(lambda: sys.stdin.readline().strip(), "."))


async def main():
    await agent.gather_candidates()
    say("a=ice-ufrag:" + agent.local_username)
    say("a=ice-pwd:" + agent.local_password)
    for candidate in agent.local_candidates:
        say("a=candidate:" + candidate.to_sdp())
    say(".")
    lines = read()
    say("given", time.monotonic_ns())
    for line in lines:
        name, _, value = line.removeprefix("a=").partition(":")
        if name == "ice-ufrag":
            agent.remote_username = value
        elif name == "ice-pwd":
            agent.remote_password = value
        elif name == "candidate":
            await agent.add_remote_candidate(aioice.Candidate.from_sdp(value))
    await agent.add_remote_candidate(None)
    await agent.connect()
    say("connected", time.monotonic_ns())
    # The other may still wait for answers.
    await asyncio.sleep(60)


asyncio.run(main())
