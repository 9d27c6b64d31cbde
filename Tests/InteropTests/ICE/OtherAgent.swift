import FoundationEssentials
import TestSupport
import Testing

/// Agents of other people's that speak as `workbook connect` does, with the descriptions in a folder.
///
/// Their programs are in `Tests/InteropTests/Peers`, each with the options that it takes.
enum OtherAgent {
  case libjuice
  case libnice
  case pion

  /// Starts it at a host; what it hears is in `NAME.out`.
  func start(
    _ street: ConnectStreet, _ network: TestNetwork, _ name: String, _ side: String,
    _ options: String, saying words: String = ""
  ) throws -> BackgroundProgram {
    let command =
      switch self {
      case .libjuice:
        "\(Peer.python(with: "pylibdatachannel")["PYTHON"] ?? "python3") -B "
          + "\(Self.peers)libjuice/main.py"
      case .libnice: "python3 \(Self.peers)libnice.py"
      case .pion: try Self.pionProgram.get()
      }
    return try network.start(
      "cd \(street.folder.path) && exec \(command) \(options) \(side) '\(words)' "
        + ">\(name).out 2>\(name).err")
  }

  private static let peers = #filePath.dropLast("ICE/OtherAgent.swift".count) + "Peers/"

  /// Builds the program once; Go keeps what it has compiled from run to run.
  private static let pionProgram = Result {
    // Beside the program that is tested.
    let path = String(Program.executable.dropLast("workbook".count)) + "pion-peer"
    let build = try Program.run(
      "go", ["build", "-o", path, peers + "pion/main.go"],
      environment: ["GO111MODULE": "off", "GOPATH": Peer.goPath, "GOFLAGS": ""], seconds: 240)
    guard build.exitCode == 0 else {
      throw TestNetwork.Failure(description: "\(build.ending)\n\(build.errorOutput)")
    }
    return path
  }
}

extension ConnectStreet {
  /// Ours at Alice's and another agent at Bob's connect, and each hears what the other says.
  ///
  /// - Parameters:
  ///   - side: ours.
  ///   - theirs: the other's options.
  ///   - way: how the descriptions get to ours.
  /// - Returns: the types of the candidates of the pair that the other has selected last, its own first.
  @discardableResult
  func meet(
    _ other: OtherAgent, _ side: String, _ options: String = "", theirs: String = "",
    by way: String = "--folder .", at location: SourceLocation = #_sourceLocation
  ) throws -> [Substring] {
    let ours = try connect(alice, "alice", "\(side) \(options)", by: way, saying: "from ours")
    let peer = try other.start(
      self, bob, "bob", side == "offer" ? "answer" : "offer", theirs, saying: "from \(other)")
    #expect(ours.wait() == 0, "\(log)", sourceLocation: location)
    #expect(peer.wait() == 0, "\(log)", sourceLocation: location)
    let log = log
    #expect(text("alice.out") == "from \(other)\n", "\(log)", sourceLocation: location)
    #expect(text("bob.out") == "from ours\n", "\(log)", sourceLocation: location)
    let line = text("bob.err").split(separator: "\n").last { $0.hasPrefix("selected: ") }
    let types = try #require(line, "\(log)", sourceLocation: location).split(separator: " ")
    return Array(types.dropFirst())
  }
}
