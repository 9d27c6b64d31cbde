internal import STUNCodec
internal import TransportAddress

/// Why a request is refused: the code, and for 420 what is not understood.
struct Refusal: Error, Hashable, Sendable {
  let code: ErrorCode
  var unknown: [AttributeType] = []

  init(_ code: ErrorCode) {
    self.code = code
  }

  init(unknown: [AttributeType]) {
    code = .unknownAttribute
    self.unknown = unknown
  }
}

/// What an Allocate request asks for, checked in the order of RFC 8656 §7.2.
struct AllocateRequest: Hashable, Sendable {
  /// Which relayed transport addresses are wanted.
  enum Addresses: Hashable, Sendable {
    /// One of a family, its port as needed.
    case one(AddressFamily, PortPool.Need)
    /// One of each family (ADDITIONAL-ADDRESS-FAMILY).
    case both(PortPool.Need)
    /// The one that was reserved before (RESERVATION-TOKEN).
    case reserved(UInt64)
  }

  let addresses: Addresses
  /// LIFETIME; nil where the server's default will do.
  let lifetime: UInt32?

  /// Reads the request.
  ///
  /// - Throws: what it is refused with.
  init(_ message: STUNMessageView) throws(Refusal) {
    let badRequest = Refusal(.badRequest)
    let transport: UInt8?
    let token: UInt64?
    let need: PortPool.Need
    do throws(STUNDecodingError) {
      transport = try message.requestedTransport
      token = try message.reservationToken
      switch try message.evenPortReservesNext {
      case true?: need = .evenWithNext
      case false?: need = .even
      case nil: need = .any
      }
      lifetime = try message.lifetime
      _ = try message.dontFragment
    } catch {
      throw badRequest
    }
    guard let transport else { throw badRequest }
    guard transport == TURNConstants.udp else { throw Refusal(.unsupportedTransportProtocol) }
    let family = try Self.family { () throws(STUNDecodingError) in
      try message.requestedAddressFamily
    }
    let additional = try Self.family { () throws(STUNDecodingError) in
      try message.additionalAddressFamily
    }
    if let token {
      // The token says it all: it names one port of one family.
      guard need == .any, family == nil, additional == nil else {
        throw badRequest
      }
      addresses = .reserved(token)
      return
    }
    if let additional {
      guard additional == .ipv6, family == nil, need != .evenWithNext else { throw badRequest }
      addresses = .both(need)
    } else {
      addresses = .one(family ?? .ipv4, need)
    }
  }

  /// A family; one that does not exist is one that is not supported.
  private static func family(
    _ read: () throws(STUNDecodingError) -> AddressFamily?
  ) throws(Refusal) -> AddressFamily? {
    do throws(STUNDecodingError) {
      return try read()
    } catch {
      throw Refusal(error.code == .unknownAddressFamily ? .addressFamilyNotSupported : .badRequest)
    }
  }
}
