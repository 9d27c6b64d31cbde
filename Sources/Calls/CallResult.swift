public import ICE
public import SansIO

/// How a call has ended on both sides, and what it has taken.
public struct CallResult: Hashable, Sendable {
  /// How one side has ended.
  public enum Side: Hashable, Sendable {
    /// It has selected a pair of candidates of these types at this time.
    case selected(local: CandidateType, remote: CandidateType, Instant)
    /// Its agent has given up.
    case failed(FailureReason)
    /// Its agent is still at it.
    case unfinished
  }

  /// The way that data takes.
  public enum Route: String, Hashable, Sendable, CaseIterable {
    /// From host to host, through no NAT.
    case host = "direct between hosts"
    /// Through the mappings that servers saw.
    case serverReflexive = "direct through server-reflexive candidates"
    /// Through a mapping that only a check has revealed.
    case peerReflexive = "direct through a peer-reflexive candidate"
    /// Over a relay.
    case relayed = "relayed"
    /// There is none.
    case none = "not connected"
  }

  /// The side of alice, who controls.
  public let alice: Side
  /// The side of bob.
  public let bob: Side
  /// How many packets hosts and routers have sent, those of gathering included.
  public let packetCount: Int

  /// Whether both sides have selected a pair.
  public var isConnected: Bool { alice.types != nil && bob.types != nil }

  /// When the later one of both has selected its pair; nil if one has not.
  public var time: Instant? {
    guard case .selected(_, _, let one) = alice, case .selected(_, _, let other) = bob else {
      return nil
    }
    return max(one, other)
  }

  /// The way that data takes, as alice's candidates tell it.
  public var route: Route {
    guard isConnected, let types = alice.types else { return .none }
    let both = [types.local, types.remote]
    if both.contains(.relayed) { return .relayed }
    if both.contains(.peerReflexive) { return .peerReflexive }
    return both.contains(.serverReflexive) ? .serverReflexive : .host
  }
}

extension CallResult.Side {
  /// The types of the selected pair's candidates; nil if none is selected.
  public var types: (local: CandidateType, remote: CandidateType)? {
    guard case .selected(let local, let remote, _) = self else { return nil }
    return (local, remote)
  }

  /// Both types as Chromium's own table has them: `SP` for server-reflexive to peer-reflexive, `L` for
  /// host and `R` for relayed; `··` if no pair is selected.
  public var letters: String {
    guard let types else { return "··" }
    return types.local.letter + types.remote.letter
  }
}

extension CandidateType {
  fileprivate var letter: String {
    switch self {
    case .host: "L"
    case .serverReflexive: "S"
    case .peerReflexive: "P"
    case .relayed: "R"
    }
  }
}

extension CallResult: CustomStringConvertible {
  /// `relayed (alice relayed → peer-reflexive) after 0.612 s, 84 packets`.
  public var description: String {
    guard let time, let types = alice.types else {
      return [("alice", alice), ("bob", bob)].map { name, side in
        switch side {
        case .selected: "\(name) has selected a pair"
        case .failed(let reason): "\(name) has failed: \(reason)"
        case .unfinished: "\(name) has not finished"
        }
      }.joined(separator: "; ")
    }
    return "\(route.rawValue) (\(types.local) → \(types.remote)) after \(time.words), "
      + "\(packetCount) packets"
  }
}

extension Instant {
  /// In whole milliseconds: `162 ms`.
  var words: String { "\(wholeMilliseconds) ms" }

  var wholeMilliseconds: Int64 { (nanoseconds + 500_000) / 1_000_000 }
}
