public import IPPacket

/// Why a packet is not translated (RFC 7915); ``answer(isV6:)`` is what its sender should be told.
public enum TranslationFailure: Error, Hashable, Sendable {
  /// It is no packet that could be read.
  case malformed(PacketError)
  /// It ends here silently.
  case untranslatable(Reason)
  /// Its time to live, or hop limit, is used up (RFC 7915 §4.1, §5.1).
  case hopLimitExceeded
  /// It is too long for the next link and must not be cut up; the MTU is for its own family (RFC
  /// 7915 §4, §5).
  case tooBig(mtu: Int)
  /// It is an IPv4 packet with a source route that is not at its end (RFC 7915 §4.1).
  case sourceRouted
  /// It is an IPv6 packet with a routing header that is not at its end (RFC 7915 §5.1).
  case segmentsLeft(offset: Int)
  /// The caller's buffer is shorter than the translated packet.
  case outputTooShort(needed: Int)

  /// What is wrong with a packet that is dropped silently.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case wrongVersion
    case illegalSource
    case notEmbedded
    case notGlobal
    case fragmentedMessage
    case missingChecksum
    case unknownMessage
    case embeddedError
    case headersBehindFragment
  }
}

extension TranslationFailure {
  /// The failure's name, for programs.
  public var code: String {
    switch self {
    case .malformed: "malformed"
    case .untranslatable(let reason): reason.rawValue
    case .hopLimitExceeded: "hopLimitExceeded"
    case .tooBig: "tooBig"
    case .sourceRouted: "sourceRouted"
    case .segmentsLeft: "segmentsLeft"
    case .outputTooShort: "outputTooShort"
    }
  }

  /// The ICMP error for the sender, in its own family; nil for silence.
  public func answer(isV6: Bool) -> ICMPErrorMessage? {
    switch self {
    case .malformed, .outputTooShort: nil
    // RFC 7915 §4.4, §5.4: what is not said to be silent is prohibited.
    case .untranslatable(.missingChecksum), .untranslatable(.headersBehindFragment),
      .untranslatable(.notGlobal):
      ICMPErrorMessage(
        isV6 ? ICMPError.Kind(type: 1, code: 1) : .administrativelyProhibited)
    case .untranslatable: nil
    case .hopLimitExceeded: .timeExceeded(isV6: isV6)
    case .tooBig(let mtu): .tooBig(mtu: mtu, isV6: isV6)
    case .sourceRouted: ICMPErrorMessage(ICMPError.Kind(type: 3, code: 5))
    case .segmentsLeft(let offset):
      ICMPErrorMessage(
        ICMPError.Kind(type: 4, code: 0), parameter: UInt32(truncatingIfNeeded: offset))
    }
  }
}

extension TranslationFailure: CustomStringConvertible {
  /// The failure as a phrase with its section.
  public var description: String {
    switch self {
    case .malformed(let error): error.description
    case .untranslatable(let reason): reason.description
    case .hopLimitExceeded: "its hop limit is used up (RFC 7915 §4.1, §5.1)"
    case .tooBig(let mtu): "it is longer than \(mtu) bytes and must stay whole (RFC 7915 §4, §5)"
    case .sourceRouted: "its source route is not at its end (RFC 7915 §4.1)"
    case .segmentsLeft: "its routing header has segments left (RFC 7915 §5.1)"
    case .outputTooShort(let needed): "the output buffer is shorter than \(needed) bytes"
    }
  }
}

extension TranslationFailure.Reason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .wrongVersion: "it is of the other IP version"
    case .illegalSource: "nobody can be reached at its source address (RFC 7915 §4.1, §5.1)"
    case .notEmbedded: "an address embeds no IPv4 address behind the prefix (RFC 6052 §2.2)"
    case .notGlobal: "the well-known prefix is for global IPv4 addresses (RFC 6052 §3.1)"
    case .fragmentedMessage: "fragments of ICMP messages are not translated (RFC 7915 §1.2)"
    case .missingChecksum: "a UDP fragment without a checksum cannot get one (RFC 7915 §4.5)"
    case .unknownMessage: "this kind of ICMP message has no counterpart (RFC 7915 §4.2, §5.2)"
    case .headersBehindFragment: "headers follow its Fragment header (RFC 7915 §5.1.1)"
    case .embeddedError: "the error is about another error (RFC 7915 §4.3, §5.3)"
    }
  }
}
