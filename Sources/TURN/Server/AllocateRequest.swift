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
  /// The transport protocol toward peers: UDP, or TCP (RFC 6062 §5.1).
  let transport: TransportProtocol
  /// LIFETIME; nil where the server's default will do.
  let lifetime: UInt32?
  /// Whether the client wants a ticket, so that it can come from another 5-tuple (RFC 8016 §3.1.1).
  let asksForTicket: Bool

  /// Reads the request.
  ///
  /// - Parameters:
  ///   - client: how it came.
  ///   - relaysTCP: whether the server has TCP allocations.
  /// - Throws: what it is refused with.
  init(
    _ message: STUNMessageView, over client: TransportProtocol, relaysTCP: Bool
  ) throws(Refusal) {
    let badRequest = Refusal(.badRequest)
    let asked: UInt8?
    let token: UInt64?
    let need: PortPool.Need
    do throws(STUNDecodingError) {
      asked = try message.requestedTransport
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
    guard let asked else { throw badRequest }
    asksForTicket = message.has(.mobilityTicket)
    // Who has a ticket has an allocation (RFC 8016 §3.1.2).
    if let ticket = message.mobilityTicket, ticket.byteCount > 0 { throw badRequest }
    switch asked {
    case TURNConstants.udp: transport = .udp
    case TURNConstants.tcp where relaysTCP: transport = .tcp
    default: throw Refusal(.unsupportedTransportProtocol)
    }
    // RFC 6062 §5.1: such a client needs a stream, and streams have no use for the rest.
    if transport == .tcp {
      guard client == .tcp, need == .any, token == nil, !message.has(.dontFragment) else {
        throw badRequest
      }
    }
    let namesFamily = message.has(.requestedAddressFamily)
    let wantsBoth = message.has(.additionalAddressFamily)
    if let token {
      // The token says it all: it names one port of one family.
      guard need == .any, !namesFamily, !wantsBoth else { throw badRequest }
      addresses = .reserved(token)
      return
    }
    guard wantsBoth else {
      addresses = .one(try Self.family(message) ?? .ipv4, need)
      return
    }
    // IPv6 is the only value that the attribute may have (RFC 8656 §18.11).
    guard !namesFamily, need != .evenWithNext, (try? message.additionalAddressFamily) == .ipv6
    else { throw badRequest }
    addresses = .both(need)
  }

  /// The family asked for; one that does not exist is one that is not supported.
  private static func family(_ message: STUNMessageView) throws(Refusal) -> AddressFamily? {
    do throws(STUNDecodingError) {
      return try message.requestedAddressFamily
    } catch {
      throw Refusal(error.code == .unknownAddressFamily ? .addressFamilyNotSupported : .badRequest)
    }
  }
}
