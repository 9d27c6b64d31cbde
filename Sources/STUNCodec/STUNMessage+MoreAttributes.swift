public import TransportAddress

/// The typed attributes of TURN, behaviour discovery and long-term credentials.
extension STUNMessage {
  /// The channel number asked for. RFC 8656 §18.1.
  public var channelNumber: ChannelNumber? {
    get throws(STUNDecodingError) { try view.channelNumber }
  }
  /// How many seconds the allocation lasts. RFC 8656 §18.2.
  public var lifetime: UInt32? { get throws(STUNDecodingError) { try view.lifetime } }
  /// The first peer meant. RFC 8656 §18.3.
  public var xorPeerAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xorPeerAddress }
  }
  /// Every peer meant. RFC 8656 §18.3.
  public var xorPeerAddresses: [TransportAddress] {
    get throws(STUNDecodingError) {
      var list: [TransportAddress] = []
      try view.forEachXORPeerAddress { list.append($0) }
      return list
    }
  }
  /// What the peer sent, or is to get. RFC 8656 §18.4.
  public var data: [UInt8]? { value(of: .data) }
  /// Where the relay listens. RFC 8656 §18.5.
  public var xorRelayedAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.xorRelayedAddress }
  }
  /// The family asked for. RFC 8656 §18.6.
  public var requestedAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try view.requestedAddressFamily }
  }
  /// Whether EVEN-PORT reserves the next port too. RFC 8656 §18.7.
  public var evenPortReservesNext: Bool? {
    get throws(STUNDecodingError) { try view.evenPortReservesNext }
  }
  /// The protocol number toward the peer. RFC 8656 §18.8.
  public var requestedTransport: UInt8? {
    get throws(STUNDecodingError) { try view.requestedTransport }
  }
  /// Whether the DF bit is asked for. RFC 8656 §18.9.
  public var dontFragment: Bool { get throws(STUNDecodingError) { try view.dontFragment } }
  /// The token for the reserved port. RFC 8656 §18.10.
  public var reservationToken: UInt64? {
    get throws(STUNDecodingError) { try view.reservationToken }
  }
  /// The second family asked for. RFC 8656 §18.11.
  public var additionalAddressFamily: AddressFamily? {
    get throws(STUNDecodingError) { try view.additionalAddressFamily }
  }
  /// The family not given, and why. RFC 8656 §18.12.
  public var addressErrorCode: AddressErrorCode? {
    get throws(STUNDecodingError) { try view.addressErrorCode }
  }
  /// The ICMP error that came back. RFC 8656 §18.13.
  public var icmp: ICMPAttribute? { get throws(STUNDecodingError) { try view.icmp } }
  /// The TCP connection meant. RFC 6062 §6.2.1.
  public var connectionID: UInt32? { get throws(STUNDecodingError) { try view.connectionID } }
  /// The ticket to move an allocation with. RFC 8016 §3.3.
  public var mobilityTicket: [UInt8]? { value(of: .mobilityTicket) }

  /// From where else the server is asked to answer. RFC 5780 §7.2.
  public var changeRequest: ChangeRequest? {
    get throws(STUNDecodingError) { try view.changeRequest }
  }
  /// From where the server says it answers. RFC 5780 §7.3.
  public var responseOrigin: TransportAddress? {
    get throws(STUNDecodingError) { try view.responseOrigin }
  }
  /// The server's other address and port. RFC 5780 §7.4.
  public var otherAddress: TransportAddress? {
    get throws(STUNDecodingError) { try view.otherAddress }
  }
  /// The port to answer to. RFC 5780 §7.5.
  public var responsePort: UInt16? { get throws(STUNDecodingError) { try view.responsePort } }
  /// How long the server remembers. RFC 5780 §9.1.
  public var cacheTimeout: UInt32? { get throws(STUNDecodingError) { try view.cacheTimeout } }
  /// How often each side has sent. RFC 7982 §3.1.
  public var transmitCounter: TransmitCounter? {
    get throws(STUNDecodingError) { try view.transmitCounter }
  }
  /// The congestion bits echoed. RFC 6679 §7.2.2.
  public var ecnCheck: ECNCheck? { get throws(STUNDecodingError) { try view.ecnCheck } }

  /// The hidden user name. RFC 8489 §14.4.
  public var userhash: [UInt8]? {
    get throws(STUNDecodingError) { try view.userhash?.copied() }
  }
  /// What the server can derive keys with, best first. RFC 8489 §14.11.
  public var passwordAlgorithms: [PasswordAlgorithm]? {
    get throws(STUNDecodingError) {
      guard var list = try view.passwordAlgorithms else { return nil }
      var algorithms: [PasswordAlgorithm] = []
      while let algorithm = list.next() { algorithms.append(algorithm) }
      return algorithms
    }
  }
  /// What the client has derived its key with. RFC 8489 §14.12.
  public var passwordAlgorithm: PasswordAlgorithm? {
    get throws(STUNDecodingError) { try view.passwordAlgorithm }
  }
  /// The name to expect in the other server's certificate. RFC 8489 §14.16.
  public var alternateDomain: String? {
    get throws(STUNDecodingError) { try text(view.alternateDomain, of: .alternateDomain) }
  }
  /// The name by which an authorization server knows this one. RFC 7635 §6.1.
  public var thirdPartyAuthorization: String? {
    get throws(STUNDecodingError) {
      try text(view.thirdPartyAuthorization, of: .thirdPartyAuthorization)
    }
  }
  /// The two parts of an access token. RFC 7635 §6.2.
  public var accessToken: (nonce: [UInt8], encryptedBlock: [UInt8])? {
    get throws(STUNDecodingError) {
      guard let token = try view.accessToken else { return nil }
      return (token.nonce.copied(), token.encryptedBlock.copied())
    }
  }
}
