public import IPPacket

extension NATTable {
  /// What becomes of a packet.
  public enum Verdict: Hashable, Sendable {
    /// It goes on, translated like this.
    case forward(Packet)
    /// It ends here.
    case drop(DropReason)
    /// It is a fragment that came before the first of its datagram: keep it until
    /// ``NATTable/nextAction()`` names the token.
    case hold(HoldToken)

    /// The translated packet, or nil if it was dropped.
    public var packet: Packet? {
      if case .forward(let packet) = self { packet } else { nil }
    }

    /// Why it was dropped, or nil if it goes on.
    public var dropReason: DropReason? {
      if case .drop(let reason) = self { reason } else { nil }
    }
  }

  /// What becomes of a packet that is translated in place.
  enum Fate {
    case forward
    case drop(DropReason)
    case hold(HoldToken)

    @inline(__always)
    init(_ reason: DropReason?) {
      self = reason.map { .drop($0) } ?? .forward
    }
  }

  /// Why a NAT drops a packet; each prints as a sentence with its section, and its name is a code for
  /// programs.
  public enum DropReason: String, Hashable, Sendable, CaseIterable {
    /// The protocol has no ports that this table knows how to translate.
    case unsupportedProtocol
    /// Source and destination are of different families.
    case mixedFamilies
    /// The NAT has no external address of the packet's family.
    case noExternalAddress
    /// The packet comes from the inside and claims the NAT's own address as its source.
    case forgedSource
    /// Every outside port that the new mapping could have is taken.
    case portsExhausted
    /// The packet comes from the outside and is for none of the NAT's addresses.
    case notForThisNAT
    /// No mapping has the destination's port.
    case noMapping
    /// There is a mapping, but its filter does not know the source.
    case filtered
    /// The packet is for the NAT's own address, and hairpinning is off.
    case hairpinningOff
    /// The host has as many mappings as it may have.
    case hostLimit
    /// The TCP segment belongs to no connection that the NAT knows, and begins none.
    case noConnection
    /// The SYN from the outside waits a while for one from the inside.
    case awaitingOpen
    /// The NAT's own host accepts the packet, and keeps the port towards its sender.
    case acceptedByRouter
    /// The ICMP error is not addressed to the sender of the packet that it is about.
    case strayError
    /// More fragments are waiting for their first ones than the NAT will remember.
    case tooManyFragments
  }
}

extension NATTable.Verdict {
  @inline(__always)
  init(_ fate: NATTable.Fate, _ packet: Packet) {
    switch fate {
    case .forward: self = .forward(packet)
    case .drop(let reason): self = .drop(reason)
    case .hold(let token): self = .hold(token)
    }
  }
}

extension NATTable.Verdict: CustomStringConvertible {
  /// `forward UDP …` or `drop: …`.
  public var description: String {
    switch self {
    case .forward(let packet): "forward \(packet)"
    case .drop(let reason): "drop: \(reason)"
    case .hold: "hold: the datagram's first fragment has not come yet (RFC 4787 §11)"
    }
  }
}

extension NATTable.DropReason: CustomStringConvertible {
  /// The reason as a phrase with its section.
  public var description: String {
    switch self {
    case .unsupportedProtocol: "the protocol has no ports to translate (RFC 3022 §2.2)"
    case .mixedFamilies: "the ends are of different address families (RFC 6146 §1.2)"
    case .noExternalAddress: "there is no external address of this family (RFC 4787 §4.1)"
    case .forgedSource: "an inside packet claims an outside source (RFC 2827 §3)"
    case .portsExhausted: "every outside port that would do is taken (RFC 4787 §4.2.1)"
    case .notForThisNAT: "the destination is not an address of this NAT (RFC 4787 §4.1)"
    case .noMapping: "no mapping has this outside port (RFC 4787 §4.1)"
    case .filtered: "the mapping's filter does not admit this sender (RFC 4787 §5)"
    case .hairpinningOff: "hairpinning is off, against REQ-9 (RFC 4787 §6)"
    case .hostLimit: "the host has as many mappings as it may have (RFC 6888 §3)"
    case .noConnection: "the segment belongs to no known connection (RFC 6146 §3.5.2)"
    case .awaitingOpen: "an unsolicited SYN waits for one from the inside (RFC 5382 §4.3)"
    case .acceptedByRouter: "the router takes it for itself, and its port with it (RFC 1812 §5.2.3)"
    case .strayError: "the error is about a packet that its receiver did not send (RFC 5508 §4.2)"
    case .tooManyFragments: "too many fragments wait for their first ones (RFC 4787 §11)"
    }
  }
}
