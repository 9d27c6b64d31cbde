import FoundationEssentials
import Glibc
import TestSupport

/// `workbook nat --tun FILE` in a namespace that plays the user's machine.
final class TUNWorld {
  let machine: TestNetwork
  let folder: Folder
  /// All that the machine's network consisted of before.
  let stateBefore: String

  /// Two homes whose NATs behave in some way, and a STUN server.
  static func homes(_ preset: String) -> String {
    """
    router home \(preset)
    host alice behind home
    router cabin \(preset)
    host bob behind cabin
    host stun.example at 203.0.113.9 running stun
    """
  }

  init(_ world: String) throws {
    machine = try TestNetwork("machine")
    folder = try Folder()
    try Data((world + "\n").utf8).write(to: URL(filePath: folder.path + "/world"))
    try Data(Self.puncher.utf8).write(to: URL(filePath: folder.path + "/puncher.py"))
    stateBefore = try Self.state(of: machine)
  }

  deinit { folder.remove() }

  /// The machine's network as it is now.
  func state() throws -> String { try Self.state(of: machine) }

  private static func state(of machine: TestNetwork) throws -> String {
    try machine.run("ip -o link; ip -o address; ip route show table all; ip rule")
  }

  /// The command line.
  func command(_ programs: [(host: String, command: String)], _ options: [String] = []) -> String {
    let runs = programs.map { "--run \($0.host)='\($0.command)'" }
    return
      (["env COLUMNS=120", Program.executable, "nat", "--tun", "'\(folder.path)/world'"] + options
      + runs)
      .joined(separator: " ")
  }

  /// Runs programs in the world until they have ended.
  ///
  /// - Returns: all that was printed, and the exit code in a line of its own.
  func run(
    _ programs: [(host: String, command: String)], _ options: [String] = []
  ) throws -> String {
    try machine.run(command(programs, options) + " 2>&1; echo exit $?")
  }

  /// A program that opens a hole to the one with another name, by a STUN server and a shared folder.
  func puncher(_ own: String, _ other: String) -> String {
    "python3 -u \(folder.path)/puncher.py \(folder.path) \(own) \(other)"
  }

  private static let puncher = """
    import os, socket, struct, sys, time
    folder, own, other = sys.argv[1:]
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.bind(('0.0.0.0', 5000))
    channel.settimeout(0.1)

    def ask():
        while True:
            channel.sendto(struct.pack('!HHI12s', 1, 0, 0x2112A442, os.urandom(12)),
                           ('stun.example', 3478))
            try:
                answer = channel.recv(1500)
            except TimeoutError:
                continue
            place = 20
            while place < len(answer):
                kind, length = struct.unpack_from('!HH', answer, place)
                if kind == 0x0020:
                    port, address = struct.unpack_from('!HI', answer, place + 6)
                    return (socket.inet_ntoa(struct.pack('!I', address ^ 0x2112A442)),
                            port ^ 0x2112)
                place += 4 + (length + 3) // 4 * 4

    address, port = ask()
    print('outside I am', address, flush=True)
    with open(f'{folder}/{own}.part', 'w') as file: file.write(f'{address} {port}')
    os.rename(f'{folder}/{own}.part', f'{folder}/{own}')
    while not os.path.exists(f'{folder}/{other}'): time.sleep(0.02)
    with open(f'{folder}/{other}') as file: peer = file.read().split()
    heard = 0
    for _ in range(20):
        channel.sendto(f'hello from {own}'.encode(), (peer[0], int(peer[1])))
        try:
            text, source = channel.recvfrom(1500)
        except TimeoutError:
            continue
        if not heard: print('heard:', text.decode())
        heard += 1
        # Some more, for the other may have heard nothing yet.
        if heard == 5: sys.exit(0)
    if not heard: print('heard nothing')
    sys.exit(0 if heard else 1)
    """
}
