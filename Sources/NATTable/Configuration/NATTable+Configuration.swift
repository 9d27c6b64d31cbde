public import TransportAddress

extension NATTable {
  /// How a NAT behaves, in the terms of RFC 4787; the default meets all its requirements.
  ///
  /// Real NATs break some of them, so that breaking ones can be described too: ask
  /// ``unmetRequirements`` which.
  public struct Configuration: Hashable, Sendable {
    /// When an inside endpoint keeps its outside endpoint from one remote to the next (RFC 4787
    /// §4.1).
    public var mapping: EndpointDependence

    /// Which remotes may send to a mapping (RFC 4787 §5).
    public var filtering: EndpointDependence

    /// What happens to a packet from the inside to the NAT's own outside address (RFC 4787 §6).
    public var hairpinning: Hairpinning = .externalSource

    /// Where the search for a free outside port begins (RFC 4787 §4.2.1).
    public var portAssignment: PortAssignment = .preserving

    /// Whether mappings may share a port when their remotes differ, against REQ-3 (RFC 4787
    /// §4.2.1).
    ///
    /// It takes a mapping for each remote endpoint; with any other behaviour it changes nothing.
    public var portOverloading = false

    /// Even ports get even ports and odd ports odd ones, as long as there are any (RFC 4787
    /// §4.2.2, REQ-4).
    public var portParity = true

    /// The outside ports that may be given away; port 0 never is, but as an ICMP identifier.
    public var ports: ClosedRange<UInt16> = 1...65535

    /// Which ports a host may have mappings at: any, or those of its blocks (RFC 6888 REQ-14).
    public var portBlocks: PortBlocks = .none

    /// How the mappings of a host share out several outside addresses (RFC 4787 §4.1, REQ-2).
    ///
    /// With port blocks they are paired whatever it says: a host's blocks are of one address.
    public var pooling: AddressPooling = .paired

    /// How many mappings a host may have at once; nil for as many as there are ports (RFC 6888
    /// REQ-4).
    public var mappingsPerHost: Int?

    /// How long the port of a mapping that ended is quarantined: given to no other (RFC 6888
    /// REQ-8).
    public var portReuseDelay: Duration = .zero

    /// How long what is not used is remembered.
    public var timeouts = Timeouts()

    /// Whether packets from the outside refresh a mapping too, not only those from the inside.
    ///
    /// RFC 4787 REQ-6 demands the latter and allows the former. A stranger who may send may then
    /// also keep a mapping open for ever (RFC 4787 §4.3). It does not touch TCP, where both sides
    /// keep a connection alive.
    public var inboundRefresh = false

    /// Whether a TCP segment in the middle of a connection that the NAT does not know begins one.
    public var adoptsConnections = false

    /// Whether the NAT's own host accepts packets that no mapping is for, as an open INPUT chain
    /// does.
    ///
    /// Such a packet leaves an entry in the kernel's connection tracking. Where ports are shared,
    /// a host inside that then sends to the packet's sender gets another outside port: the first
    /// packets of hole punching prevent it. Elsewhere it changes nothing but the reason of the
    /// drop.
    public var acceptsUnsolicited = false

    /// Destinations that are not translated (RFC 6888 REQ-6).
    public var exemptions: [Exemption] = []

    /// Whether IPv4 datagrams that can be fragmented get an Identification of the NAT's own.
    ///
    /// Hosts that share an address know nothing of each other's: without it fragments of two of
    /// them can be put together at the receiver (RFC 6864 §5.3.1). Only packets in bytes have one.
    public var rewritesIdentification = true

    /// How many datagrams' fragments are remembered at a time (RFC 4787 REQ-14a).
    public var fragmentedDatagrams = 256

    /// A NAT with these two behaviors, and all else as RFC 4787 recommends it.
    public init(
      mapping: EndpointDependence = .endpointIndependent,
      filtering: EndpointDependence = .addressDependent
    ) {
      self.mapping = mapping
      self.filtering = filtering
    }

    /// How long a UDP mapping lives after the last packet that refreshed it.
    public var mappingTimeout: Duration {
      get { timeouts.udp }
      set {
        timeouts.udp = newValue
        timeouts.udpUnanswered = newValue
      }
    }

    /// Whether ports are shared, which needs mappings that are for one remote endpoint each.
    var sharesPorts: Bool { portOverloading && mapping == .addressAndPortDependent }
  }

  /// How long a NAT remembers what is not used.
  public struct Timeouts: Hashable, Sendable {
    /// A UDP mapping (RFC 4787 §4.3, REQ-5: two minutes at least, five recommended).
    public var udp: Duration = .seconds(300)
    /// A UDP mapping to which nothing has come from the outside yet.
    public var udpUnanswered: Duration = .seconds(300)
    /// A TCP connection that both sides opened (RFC 5382 §5, REQ-5: two hours and four minutes).
    public var tcpEstablished: Duration = .seconds(7440)
    /// A TCP connection that is opening or closing (RFC 5382 §5, REQ-5: four minutes).
    public var tcpTransitory: Duration = .seconds(240)
    /// A time for each state of a TCP connection, as the Linux kernel has it; nil for two in all.
    ///
    /// It takes the place of ``tcpTransitory`` for connections that the inside begins.
    public var tcpStates: TCPStateTimeouts?
    /// An ICMP query's mapping (RFC 5508 §3.2, REQ-2: one minute at least).
    public var icmp: Duration = .seconds(60)
    /// How long an unsolicited SYN waits for one from the inside (RFC 5382 §4.3, REQ-4: six
    /// seconds).
    ///
    /// It is then answered with an ICMP error; with nil it never is (REQ-4a).
    public var unsolicitedSYN: Duration? = .seconds(6)
    /// How long the fragments of a datagram are remembered (RFC 791 §3.2).
    public var fragments: Duration = .seconds(15)

    /// The RFCs' recommended times.
    public init() {}
  }

  /// How long the Linux kernel remembers a TCP connection in each state but `ESTABLISHED`.
  ///
  /// The names and the defaults are those of `net.netfilter.nf_conntrack_tcp_timeout_…`.
  public struct TCPStateTimeouts: Hashable, Sendable {
    /// The inside has sent a SYN.
    public var synSent: Duration = .seconds(120)
    /// The outside has answered with SYN and ACK.
    public var synReceived: Duration = .seconds(60)
    /// One side has sent a FIN.
    public var finWait: Duration = .seconds(120)
    /// The FIN has been acknowledged.
    public var closeWait: Duration = .seconds(60)
    /// The other side has sent a FIN too.
    public var lastAck: Duration = .seconds(30)
    /// That has been acknowledged as well.
    public var timeWait: Duration = .seconds(120)
    /// There was a RST.
    public var close: Duration = .seconds(10)
    /// A connection older than the table, until a segment after the outside's first.
    public var unacknowledged: Duration = .seconds(300)

    /// The kernel's default times.
    public init() {}
  }

  /// Where the search for a free outside port begins; it then goes upwards and round.
  public enum PortAssignment: Hashable, Sendable, CaseIterable {
    /// At the inside port, so that it is kept whenever it is free.
    case preserving
    /// Behind the port that was given away last.
    case sequential
    /// Anywhere (RFC 6056).
    case random
    /// Beside the port of the same host's neighbouring port, so that both stay a pair (RFC 4787
    /// §4.2.3).
    case contiguous
  }

  /// How a NAT with several outside addresses shares them out (RFC 4787 §4.1).
  public enum AddressPooling: Hashable, Sendable, CaseIterable {
    /// All mappings of a host have one address, as REQ-2 recommends.
    case paired
    /// Each new mapping gets the next address.
    case arbitrary
  }

  /// What happens to a packet from the inside to the NAT's own outside address (RFC 4787 §6).
  public enum Hairpinning: Hashable, Sendable, CaseIterable {
    /// It is dropped.
    case none
    /// It is turned round with the sender's outside endpoint as its source, as REQ-9 demands.
    case externalSource
    /// It is turned round with the sender's inside endpoint as its source. The receiver, who sent
    /// to the outside endpoint, does not recognise the answer.
    case internalSource
  }
}
