public import STUNCodec
public import TransportAddress

/// What a user of ``TURNClient`` says to it and hears from it.
extension TURNClient {
  /// What is asked for.
  public struct Options: Hashable, Sendable {
    /// Which relayed transport addresses are wanted.
    public enum Families: Hashable, Sendable {
      /// One, of this family.
      case one(AddressFamily)
      /// One of each (ADDITIONAL-ADDRESS-FAMILY).
      case both
    }

    /// Which relayed transport addresses are wanted.
    public var families: Families
    /// LIFETIME in seconds, at least 1; nil for what the server thinks right.
    public var lifetime: UInt32?
    /// Whether channels are bound to peers that data go to.
    public var bindsChannels: Bool
    /// Whether a ticket is asked for, with which the allocation can be taken to another 5-tuple
    /// (RFC 8016). A server that gives none gives the allocation all the same.
    public var asksForTicket: Bool
    /// The transport protocol toward peers: UDP, or TCP over a stream to the server (RFC 6062).
    public var transport = TransportProtocol.udp

    /// One IPv4 address, the server's lifetime, and channels, unless something else is said.
    public init(
      families: Families = .one(.ipv4), lifetime: UInt32? = nil, bindsChannels: Bool = true,
      asksForTicket: Bool = false
    ) {
      self.families = families
      self.lifetime = lifetime
      self.bindsChannels = bindsChannels
      self.asksForTicket = asksForTicket
    }
  }

  /// What the server has allocated.
  public struct AllocatedAddresses: Hashable, Sendable {
    /// The relayed transport addresses, one or one of each family.
    public let relayed: [TransportAddress]
    /// The client's own address as the server sees it.
    public let mapped: TransportAddress?
    /// The family that was asked for and not allocated, and why.
    public let addressError: AddressErrorCode?
  }

  /// What happens to an allocation.
  public enum Event: Hashable, Sendable {
    /// It is there.
    case allocated(AllocatedAddresses)
    /// What peers with this address send comes in.
    case permitted(IPAddress)
    /// Peers with this address cannot be reached; others can.
    case refused(IPAddress, PeerFailure)
    /// Data to and from the peer have 4 bytes of overhead from now on.
    case bound(ChannelNumber, TransportAddress)
    /// Data for the peer have caused an ICMP error.
    case unreachable(TransportAddress, ICMPAttribute)
    /// The allocation is reached by another 5-tuple now, with all that it has (RFC 8016).
    case moved
    /// The allocation could not be taken to another 5-tuple: it stays on the old one if that works
    /// still, and otherwise a new one is asked for.
    case notMoved(Failure)
    /// Something about a TCP connection with a peer.
    case connection(ConnectionEvent)
    /// It is over.
    case ended(End)
  }

  /// Why peers with an address cannot be reached.
  public enum PeerFailure: Hashable, Sendable {
    /// The server refuses: 403 its policy, 443 another address family, 508 too many.
    case error(ErrorCode)
    /// The server does not answer.
    case timedOut
  }

  /// How an allocation ended, or why there is none.
  public enum End: Hashable, Sendable {
    /// Its user has given it up.
    case released
    /// There has never been one.
    case failed(Failure)
    /// It was there, and is there no more.
    case lost(Loss)
  }

  /// Why there is no allocation.
  public enum Failure: Hashable, Sendable {
    /// The server refuses: 401 the credentials, 437 three 5-tuples, 486 a quota, 508 no capacity.
    case refused(ErrorCode)
    /// The server does not answer.
    case timedOut
    /// Responses have come, and none was protected as it must be.
    case integrityViolation
    /// The response cannot be used.
    case malformedResponse
    /// No key can be derived with any algorithm of the server's.
    case cannotAuthenticate
  }

  /// Why an allocation is there no more.
  public enum Loss: Hashable, Sendable {
    /// The server does not know it (any more): 437. It may have been started anew.
    case unknownToServer
    /// The server has refused to refresh it.
    case refused(ErrorCode)
    /// It could not be refreshed in time.
    case expired
  }

  /// What bytes from the server were.
  public enum Incoming: Hashable, Sendable {
    /// These of the bytes are data of a peer.
    case data(Range<Int>, from: TransportAddress)
    /// A response or a report; ``TURNClient/nextAction()`` has what follows.
    case handled
    /// Nothing that counts.
    case dropped(DropReason)
  }

  /// What becomes of data for a peer.
  public enum Outgoing: Hashable, Sendable {
    /// Send these bytes of the buffer to the server.
    case send(Range<Int>)
    /// They are kept until the server has permitted the peer, and go out then.
    case held
    /// They end here.
    case dropped(SendFailure)
  }

  /// Why data for a peer end at the client.
  public enum SendFailure: Hashable, Sendable {
    /// There is no allocation, or not any more.
    case noAllocation
    /// The allocation has no address of the peer's family.
    case familyMismatch
    /// The allocation relays TCP connections, and no datagrams.
    case noDatagrams
    /// The server refuses the peer.
    case refused
    /// As much as may be held for the peer is held.
    case tooManyHeld
    /// There is no room around the data for a header, or a message cannot be as long.
    case tooLong
  }

  /// Why bytes from the server do not count.
  public enum DropReason: Hashable, Sendable {
    /// They are neither a STUN message nor ChannelData.
    case notSTUN
    /// They come from another address than the server's.
    case unexpectedSource
    /// FINGERPRINT is there and wrong.
    case wrongFingerprint
    /// A request, or an indication that servers do not send.
    case notForClients
    /// A response to no request that waits.
    case unknownTransaction
    /// A response whose message integrity is missing or wrong.
    case notAuthentic
    /// An error response without a code that can be read, or a challenge that is not complete.
    case malformedResponse
    /// The challenge has lost its security features on the way (pitfall 14).
    case bidDown
    /// The channel is not bound.
    case unboundChannel
    /// The peer has no permission.
    case noPermission
    /// XOR-PEER-ADDRESS or DATA is missing or malformed, or the indication has a
    /// comprehension-required attribute that is not understood.
    case malformedIndication
  }
}
