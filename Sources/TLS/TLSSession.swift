internal import CTLS

/// One end of a TLS connection, without the connection: bytes in, bytes out.
///
///              received ─▶ ┌─────────────┐ ─▶ read
///     network              │ TLSSession  │             program
///            takeOutput ◀─ └─────────────┘ ◀─ write
///
/// After each call that may have made something for the network, `takeOutput` is called until there is
/// no more.
public final class TLSSession {
  /// How far the handshake is.
  public enum Progress: Hashable, Sendable {
    /// It is done: data may go both ways.
    case done
    /// Something has to come from the other end.
    case waiting
    /// It has failed; what tells the other end why may be there to be sent.
    case failed(TLSFailure)
  }

  /// What a read has brought.
  public enum Reading: Hashable, Sendable {
    /// So many bytes are in the buffer.
    case data(Int)
    /// Something has to come from the other end.
    case waiting
    /// The other end has said that nothing follows.
    case closed
    /// The session is broken.
    case failed(TLSFailure)
  }

  private let pointer: OpaquePointer

  /// An end of a connection: a server's or a client's, as the context is.
  ///
  /// - Parameter name: the host name or IP address that the server's certificate must have; a
  ///   client's session without one takes the certificate of any host, and is for tests.
  /// - Throws: `library` where there is no memory, or for a name that no host can have.
  public init(_ context: TLSContext, name: String? = nil) throws(TLSConfigurationError) {
    let made =
      if let name {
        tls_session_new(context.pointer, context.isServer ? 1 : 0, name)
      } else {
        tls_session_new(context.pointer, context.isServer ? 1 : 0, nil)
      }
    guard let made else { throw .library }
    pointer = made
  }

  deinit { tls_session_free(pointer) }

  /// Begins the handshake, or goes on with it.
  public func handshake() -> Progress {
    switch tls_session_handshake(pointer) {
    case 1: .done
    case 0: .waiting
    default: .failed(failure)
    }
  }

  /// Takes bytes that have come from the network.
  public func received(_ bytes: RawSpan) {
    // It only fails where there is no memory, and then the next read does, too.
    bytes.withUnsafeBytes { _ = tls_session_received(pointer, $0.baseAddress, UInt($0.count)) }
  }

  /// Takes out data that the other end has sent.
  public func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
    switch tls_session_read(pointer, buffer.baseAddress, UInt(buffer.count)) {
    case let count where count > 0: .data(count)
    case 0: .waiting
    case -1: .closed
    default: .failed(failure)
    }
  }

  /// Puts data in for the other end, once the handshake is done.
  ///
  /// - Returns: whether they were taken; false where the session is broken.
  public func write(_ bytes: RawSpan) -> Bool {
    bytes.withUnsafeBytes {
      tls_session_write(pointer, $0.baseAddress, UInt($0.count)) == 0
    }
  }

  /// Says that nothing follows.
  public func close() { tls_session_close(pointer) }

  /// Takes out bytes for the network.
  ///
  /// - Returns: how many; 0 when there are none.
  public func takeOutput(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    tls_session_output(pointer, buffer.baseAddress, UInt(buffer.count))
  }

  /// The protocol's version: `TLSv1.3`.
  public var version: String { String(cString: tls_session_version(pointer)) }

  private var failure: TLSFailure {
    var text = [CChar](repeating: 0, count: 256)
    let reason = tls_session_reason(pointer, &text, UInt(text.count))
    return TLSFailure(TLSFailure.Reason(reason), String(terminated: text))
  }
}
