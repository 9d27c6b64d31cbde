public import Calls
public import ICE
import NATTable
import SansIO
import Simulator
import TransportAddress

/// A call of a drill that has been made, and what can be seen of it.
public struct SceneRun: Sendable {
  /// What was called in.
  public let scene: Scene
  /// How ICE ended the first time.
  public let firstResult: CallResult
  /// The call at the end, with the trace of its network.
  public let call: Call
  /// Who has heard at the end what the other side said.
  public let hearing: Set<Call.Party>

  /// Makes the call: ICE to its end, the move if there is one, and a word from each side.
  ///
  /// It takes some milliseconds for each minute of the call.
  public init(_ scene: Scene) {
    self.scene = scene
    var call = scene.call()
    firstResult = call.connect(atMost: .seconds(240))
    if scene.hasMove {
      call.run(for: .seconds(10))
      call.move(.alice, to: .nat("cell", .cgn))
      call.run(for: Self.timeAfterMove)
    }
    for party in Call.Party.allCases {
      for data in scene.data(of: party) { call.send(data, from: party) }
    }
    call.run(for: .seconds(2))
    hearing = Set(
      Call.Party.allCases.filter { party in
        let received = call.endpoint(of: party).received.map(\.data)
        return scene.data(of: party.other).allSatisfy { received.contains($0) }
      })
    self.call = call
  }

  /// Longer than consent and the agents' patience, so that what comes to nothing has done so.
  private static let timeAfterMove: Duration = .seconds(90)

  /// Whether each side hears the other at the end.
  public var works: Bool { hearing.count == Call.Party.allCases.count }

  /// The end in a sentence.
  public var outcome: String {
    if works { return "It connects: \(call.result). Both hear each other." }
    if firstResult.isConnected {
      let end =
        hearing.isEmpty
        ? "Neither gets all that the other sends."
        : "Only \(hearing.map { "\($0)" }.joined()) gets all that the other sends."
      return "It connects at first (\(firstResult.route.rawValue)). At the end: \(end)"
    }
    if case .failed(let reason) = firstResult.alice, firstResult.bob == firstResult.alice {
      return "It does not connect: both agents have failed, as \(reason)."
    }
    return "It does not connect: \(firstResult)."
  }

  // MARK: - What an engineer can see

  /// What a side's app has written into its log: `40 ms: hears of offer 0`.
  public func log(of party: Call.Party) -> [String] {
    let trace = call.network.trace
    guard let node = trace.node(named: "\(party)") else { return [] }
    return trace.events(at: node).compactMap { event in
      guard case .report(let text) = event.kind else { return nil }
      return "\(event.time.pictured): \(text)"
    }
  }

  /// The packets that a side's host has sent and received, in order.
  public func packets(of party: Call.Party) -> [CapturedPacket] {
    let trace = call.network.trace
    guard let node = trace.node(named: "\(party)") else { return [] }
    return trace.events(at: node).compactMap { event in
      switch event.kind {
      case .sent(_, let bytes, _): CapturedPacket(bytes, isSent: true, at: event.time)
      case .delivered(_, let bytes): CapturedPacket(bytes, isSent: false, at: event.time)
      case .dropped(_, let passage, _):
        CapturedPacket(passage.bytes, isSent: false, at: event.time)
      default: nil
      }
    }
  }

  /// The same as a pcap file.
  public func pcap(of party: Call.Party) -> [UInt8] {
    let trace = call.network.trace
    return trace.node(named: "\(party)").map { trace.pcap(of: $0) } ?? []
  }

  /// What a side has signaled last: its description with its candidates; nil if it signaled none.
  public func description(sentBy party: Call.Party) -> ICEDescription? {
    let signals = call.signalLadder.signals.filter { $0.sender == party }.map(\.signal)
    return Self.description(of: signals)
  }

  /// What a side has heard last of the other's description and candidates; nil if of none.
  public func description(heardBy party: Call.Party) -> ICEDescription? {
    Self.description(of: call.signals(heardBy: party))
  }

  private static func description(of signals: [Signal]) -> ICEDescription? {
    var description: ICEDescription?
    for signal in signals.flatMap(\.parts) {
      switch signal {
      case .offer(_, let remote), .answer(_, let remote):
        var new = ICEDescription()
        new.session = .init(
          credentials: remote.credentials,
          options: remote.trickles ? ["ice2", "trickle"] : ["ice2"])
        new.isLite = remote.isLite
        var stream = ICEDescription.Stream(media: "audio 9 UDP/TLS/RTP/SAVPF 111")
        stream.mid = "0"
        new.streams = [stream]
        description = new
      case .candidate(let line, let fragment):
        var line = line
        if fragment != description?.session.credentials?.usernameFragment {
          // As trickled candidates have it: the generation that they are of (RFC 8840 §4.1).
          line.extensions.append(.init(name: "ufrag", value: fragment))
        }
        description?.streams[0].candidates.append(line)
      case .endOfCandidates: description?.streams[0].isEnded = true
      case .whole, .restartWanted: break
      }
    }
    return description
  }

  /// The UDP mappings of the routers that an engineer could look at, while the checks ran.
  public var tables: String {
    let trace = call.network.trace
    let moment = Instant.zero.advanced(by: scene.bob.hearingDelay + .seconds(3))
    let index = trace.events.lastIndex { $0.time <= moment } ?? -1
    let owned = [scene.alice, scene.bob].filter(\.ownsRouter).map(\.place)
    return trace.tables(at: index).compactMap { table in
      let name = trace.nodes[table.node.index].name
      guard owned.contains(name) else { return nil }
      let mappings = table.mappings.filter { $0.protocol == .udp }
      let text = NATTable.Mapping.lines(of: mappings, now: table.time)
      return "\(name), after \(table.time.pictured)\n" + Self.withoutProtocol(text)
    }.joined(separator: "\n\n")
  }

  /// A table without its first column, which is the same in each line, so that 80 columns hold it.
  private static func withoutProtocol(_ table: String) -> String {
    let lines = table.split(separator: "\n")
    guard let head = lines.first, let start = head.firstRange(of: "inside") else { return table }
    let width = head.distance(from: head.startIndex, to: start.lowerBound)
    return lines.map { String($0.dropFirst(width)) }.joined(separator: "\n")
  }

  /// What happened in the whole network, in sentences: more than anyone could capture.
  public var chronicle: [String] {
    Ladder(call.network.trace).words().split(separator: "\n").map(String.init)
  }
}

extension Scene {
  /// What a side sends at the end: a word, and a datagram of its picture if there is one.
  fileprivate func data(of party: Call.Party) -> [[UInt8]] {
    let word = Array("Hello, here is \(party).".utf8)
    // No other protocol begins with this byte (RFC 7983 §7); a JPEG does.
    let picture = pictureDatagramSize.map { [UInt8](repeating: 0xFF, count: $0) }
    return [word, picture].compactMap { $0 }
  }
}
