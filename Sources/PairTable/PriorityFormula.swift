public import ICE

/// The way in which the author of a description computes priorities.
///
/// All fill the same three fields (RFC 8445 §5.1.2.1). What they put into them is their own choice,
/// and only who knows whose choice it is can read the fields.
public enum PriorityFormula: Hashable, Sendable, CaseIterable {
  /// The values that RFC 8445 recommends.
  case rfc8445
  /// Those of libwebrtc, which Chromium and Safari are built on.
  case libwebrtc
  /// Those of nICEr, Firefox's ICE.
  case firefox

  /// Finds out who has written a description.
  ///
  /// - Parameter origin: its `o=` line, in which Firefox names itself.
  public init(of description: ICEDescription, origin: Substring?) {
    let candidates = description.streams.flatMap(\.candidates)
    if origin?.contains("THIS_IS_SDPARTA") == true {
      self = .firefox
    } else if candidates.contains(where: { $0.has("generation") || $0.has("network-id") }) {
      self = .libwebrtc
    } else if candidates.contains(where: { PriorityTerms($0.priority).typePreference == 125 }) {
      self = .firefox
    } else {
      self = .rfc8445
    }
  }
}

extension PriorityFormula: CustomStringConvertible {
  /// Whose formula it is.
  public var description: String {
    switch self {
    case .rfc8445: "RFC 8445"
    case .libwebrtc: "libwebrtc (Chromium, Safari)"
    case .firefox: "Firefox"
    }
  }
}

extension CandidateAttribute {
  /// Whether an extension of this name stands at the line's end.
  fileprivate func has(_ name: String) -> Bool { extensions.contains { $0.name == name } }

  /// The value of `tcptype` (RFC 6544 §4.5); nil where it is missing or not known.
  public var tcpType: TCPType? {
    extensions.first { $0.name == "tcptype" }.flatMap { TCPType(rawValue: $0.value.lowercased()) }
  }

  /// Who opens the connection of a TCP candidate (RFC 6544 §4.5).
  public enum TCPType: String, Hashable, Sendable, CaseIterable {
    /// The candidate's own agent.
    case active
    /// The peer.
    case passive
    /// Both at once.
    case simultaneousOpen = "so"

    /// The type that goes with this one (RFC 6544 §6.2).
    public var counterpart: TCPType {
      switch self {
      case .active: .passive
      case .passive: .active
      case .simultaneousOpen: .simultaneousOpen
      }
    }
  }
}
