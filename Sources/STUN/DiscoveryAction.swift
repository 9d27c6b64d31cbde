internal import STUNCodec
internal import SansIO
public import TransportAddress

/// What a discovery wants to be done now; the sockets and what it finds are its own.
public enum DiscoveryAction<Socket: Hashable & Sendable, Finding: Hashable & Sendable>: Hashable,
  Sendable
{
  case wait
  case send([UInt8], to: TransportAddress, from: Socket)
  case finished(Finding)
}

extension ClientTransaction {
  /// A Binding request with these attributes and FINGERPRINT, as a transaction that begins now.
  static func started(
    _ schedule: RetransmissionSchedule, _ generator: inout some RandomNumberGenerator,
    at now: Instant,
    _ attributes: (inout STUNMessageBuilder) throws(STUNEncodingError) -> Void
  ) -> ClientTransaction? {
    let bytes = try? STUNMessage.encode(
      .bindingRequest, transactionID: .random(using: &generator)
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try attributes(&message)
      try message.appendFingerprint()
    }
    guard let bytes, var transaction = try? ClientTransaction(bytes, over: .datagrams(schedule))
    else { return nil }
    _ = transaction.started(at: now)
    return transaction
  }
}
