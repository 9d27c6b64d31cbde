import FoundationEssentials
import TestSupport

/// An agent of aioice's that speaks as `workbook connect` does, with the descriptions in a folder.
enum AioicePeer {
  /// Starts it at a host; what it hears is in `NAME.out`.
  static func start(
    _ street: ConnectStreet, _ network: TestNetwork, _ name: String, _ side: String,
    relay: Bool, saying words: String
  ) throws -> BackgroundProgram {
    let path = street.folder.path + "/peer.py"
    try Data(script.utf8).write(to: URL(filePath: path))
    let python = Peer.python(with: "aioice")["PYTHON"] ?? "python3"
    return try network.start(
      "cd \(street.folder.path) && exec \(python) peer.py \(side) \(relay ? 1 : 0) '\(words)' "
        + ">\(name).out 2>\(name).err")
  }

  /// Blocks have a byte before them: 192 data, 193 end, 194 end heard, 195 bye.
  private static let script = """
    import asyncio, os, sys, aioice

    side, relay, words = sys.argv[1], sys.argv[2] == "1", sys.argv[3]
    own, other = ("offer", "answer") if side == "offer" else ("answer", "offer")
    turn = dict(turn_server=("203.0.113.9", 3478), turn_username="alice", turn_password="pass")
    agent = aioice.Connection(ice_controlling=side == "offer", use_ipv6=False,
                              stun_server=("203.0.113.9", 3478) if relay else None,
                              **(turn if relay else {}))

    async def read():
        while not os.path.exists(other): await asyncio.sleep(0.02)
        for line in open(other).read().splitlines():
            name, _, value = line.removeprefix("a=").partition(":")
            if name == "ice-ufrag": agent.remote_username = value
            if name == "ice-pwd": agent.remote_password = value
            if name == "candidate":
                await agent.add_remote_candidate(aioice.Candidate.from_sdp(value))
        await agent.add_remote_candidate(None)

    async def main():
        await agent.gather_candidates()
        if side == "answer": await read()
        lines = ["a=ice-ufrag:" + agent.local_username, "a=ice-pwd:" + agent.local_password,
                 "m=application 9 udp octet-stream"]
        lines += ["a=candidate:" + candidate.to_sdp() for candidate in agent.local_candidates]
        with open(own + ".part", "w") as file:
            file.write("\\r\\n".join(lines + ["a=end-of-candidates", ""]))
        os.rename(own + ".part", own)
        if side == "offer": await read()
        await agent.connect()
        await agent.send(bytes([192]) + words.encode() + b"\\n")
        ended = heard = False
        await agent.send(bytes([193]))
        while not (ended and heard):
            block = await asyncio.wait_for(agent.recv(), 20)
            if block[0] == 192: sys.stdout.write(block[1:].decode())
            if block[0] == 193:
                ended = True
                await agent.send(bytes([194]))
            if block[0] == 194: heard = True
        sys.stdout.flush()
        await agent.close()

    asyncio.run(main())
    """
}
