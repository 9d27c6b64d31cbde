public import STUNCodec
public import TransportAddress

extension TURNServer {
  /// What becomes of a datagram or message.
  public enum Verdict: Hashable, Sendable {
    /// These bytes of the buffer go to a peer, from this relayed transport address.
    ///
    /// Only a Send indication can ask that they be sent unfragmented.
    case relay(
      Range<Int>, to: TransportAddress, from: TransportAddress, dontFragment: Bool = false)
    /// These bytes of the buffer go to a client, on its 5-tuple.
    case deliver(Range<Int>, on: FiveTuple)
    /// It was a request, and ``TURNServer/nextAction()`` has what follows.
    case taken
    /// It ends here.
    case drop(DropReason)
  }

  /// Why a datagram or message ends at the server; each prints as a phrase with its section.
  public enum DropReason: Hashable, Sendable {
    /// The bytes are neither a STUN message nor ChannelData.
    case notSTUN
    /// FINGERPRINT is there and wrong.
    case wrongFingerprint
    /// A response, or an indication that clients do not send.
    case notForServers
    /// A request of a method that this server does not know.
    case unknownMethod
    /// The source has had as many responses as a source gets that has not proven its address.
    case tooManyUnproven
    /// The 5-tuple has no allocation.
    case noAllocation
    /// The channel is not bound, or not any more.
    case unboundChannel
    /// The peer has no permission, or not any more.
    case noPermission
    /// The policy refuses the peer.
    case refusedPeer
    /// XOR-PEER-ADDRESS or DATA is missing or malformed, or the indication has a
    /// comprehension-required attribute that is not understood.
    case malformedIndication
    /// No allocation has the relayed transport address.
    case unknownRelayedAddress
    /// An ICMP message of a type that clients are not told of.
    case irrelevantICMP
    /// The client's connection is closed, and it has not come back with its ticket.
    case clientAway
    /// There is no room around the data for a header, or a message cannot be as long.
    case tooLong
    /// The request came again while its allocation is being made: the response is on its way.
    case beingServed
    /// The allocation relays TCP connections, and no datagrams.
    case noDatagrams
    /// The allocation has as many TCP connections as it may have, or one with this peer.
    case tooManyConnections
    /// The response does not fit a message.
    case cannotEncode(STUNEncodingError.Code)
  }
}

extension TURNServer.DropReason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .notSTUN: "neither STUN nor ChannelData (RFC 8656 §12.6)"
    case .wrongFingerprint: "the fingerprint is wrong (RFC 8489 §14.7)"
    case .notForServers: "no client sends this to a server (RFC 8656 §17)"
    case .unknownMethod: "the method is not known here (RFC 8489 §6.3)"
    case .tooManyUnproven: "the source gets challenges too fast (RFC 8489 §16.1.2)"
    case .noAllocation: "the 5-tuple has no allocation (RFC 8656 §5)"
    case .unboundChannel: "the channel is not bound (RFC 8656 §12.6)"
    case .noPermission: "the peer has no permission (RFC 8656 §9)"
    case .refusedPeer: "the policy refuses the peer (RFC 8656 §11.2)"
    case .malformedIndication: "the indication lacks what it must have (RFC 8656 §11.2)"
    case .unknownRelayedAddress: "no allocation has the relayed address (RFC 8656 §11.3)"
    case .irrelevantICMP: "clients are not told of this ICMP type (RFC 8656 §11.5)"
    case .clientAway: "the client's connection is closed (RFC 8016 §3)"
    case .tooLong: "no room for the header (RFC 8656 §12.4)"
    case .beingServed: "the allocation is being made (RFC 8656 §5)"
    case .noDatagrams: "a TCP allocation relays no datagrams (RFC 6062 §4.5)"
    case .tooManyConnections: "too many TCP connections with peers (RFC 6062 §5.3)"
    case .cannotEncode: "the response does not fit a message (RFC 8489 §5)"
    }
  }
}
