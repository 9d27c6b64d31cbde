internal import STUNCodec
internal import SansIO
public import TransportAddress

/// What a discovery wants to be done; the sockets and what it finds are its own.
public enum DiscoveryAction<Socket: Hashable & Sendable, Finding: Hashable & Sendable>: Hashable,
  Sendable
{
  /// Send these bytes to this address from that socket.
  case send([UInt8], to: TransportAddress, from: Socket)
  /// It is over, and this was found.
  case finished(Finding)
}

/// Why a discovery does not do what it is asked to.
public enum DiscoveryError: Error, Hashable, Sendable {
  /// It has been started before.
  case alreadyStarted
}

extension Transactions {
  /// Begins a Binding request with these attributes and FINGERPRINT.
  mutating func beginTest(
    tag: Tag, to server: TransportAddress, at now: Instant,
    using generator: inout some RandomNumberGenerator,
    change: ChangeRequest? = nil, responsePort: UInt16? = nil
  ) -> TransactionID {
    do throws(TransactionError) {
      return try begin(tag: tag, to: server, at: now, using: &generator) {
        (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
        if let change { try message.append(changeRequest: change) }
        if let responsePort { try message.append(responsePort: responsePort) }
        try message.appendFingerprint()
      }
    } catch {
      // A discovery has one request on its way at a time, of 36 bytes at most, with a fresh ID.
      preconditionFailure("a test cannot begin: \(error)")
    }
  }
}
