"""Pairs of aioice's agents in one program, each pair with one session of ICE."""

import asyncio

import aioice

SERVER = ("198.51.100.1", 3478)
TURN = {"turn_server": SERVER, "turn_username": "user", "turn_password": "pass"}


async def session(candidate_type=None, **options):
    """Connects two agents and lets each send once, over these candidates of the other alone."""
    agents = [
        aioice.Connection(ice_controlling=is_controlling, stun_server=SERVER, **options)
        for is_controlling in (True, False)
    ]
    for agent in agents:
        await agent.gather_candidates()
    for agent, other in zip(agents, reversed(agents)):
        for candidate in other.local_candidates:
            if candidate_type in (None, candidate.type):
                await agent.add_remote_candidate(candidate)
        await agent.add_remote_candidate(None)
        agent.remote_username = other.local_username
        agent.remote_password = other.local_password
    await asyncio.gather(*(agent.connect() for agent in agents))
    for agent, other in zip(agents, reversed(agents)):
        await agent.send(b"\x80hello")
        assert await other.recv() == b"\x80hello"
    for agent in agents:
        await agent.close()


async def main():
    await session()
    await session(use_ipv4=False)
    await session("relay", use_ipv6=False, **TURN)
    await session("relay", use_ipv6=False, turn_transport="tcp", **TURN)


asyncio.run(asyncio.wait_for(main(), 30))
