internal import CTLS

/// A server's certificate, with those between it and a trusted issuer, and its key.
public struct TLSIdentity: Sendable {
  /// The certificates as PEM text, the server's own first.
  public let chain: String
  /// The key as PEM text; it is never printed.
  package let key: String

  /// An identity of PEM text; whether it fits together is found out by the context that is made of it.
  public init(chain: String, key: String) {
    self.chain = chain
    self.key = key
  }

  /// Makes a key (P-256) and a certificate that it signs itself.
  ///
  /// - Parameters:
  ///   - names: the IP addresses and host names that the certificate is for, the first its subject's.
  ///   - start: when it becomes valid, from now; an hour ago, as clocks differ.
  ///   - end: when its time is over, from now.
  /// - Throws: where there is no name, or one that no certificate can have.
  public init(
    selfSignedFor names: [String], from start: Duration = .seconds(-3600),
    until end: Duration = .seconds(30 * 86400)
  ) throws(TLSConfigurationError) {
    var certificate = [CChar](repeating: 0, count: 8192)
    var key = [CChar](repeating: 0, count: 2048)
    let copies = names.map { strings in strings.utf8CString }
    let result = Self.withPointers(copies[...], []) { pointers in
      tls_make_certificate(
        pointers, Int32(pointers.count), Int(start.components.seconds),
        Int(end.components.seconds), &certificate, UInt(certificate.count), &key,
        UInt(key.count))
    }
    guard result == 0 else { throw .cannotMakeCertificate(names) }
    self.init(chain: String(terminated: certificate), key: String(terminated: key))
  }

  /// Calls `body` with a pointer to each of the texts.
  private static func withPointers(
    _ texts: ArraySlice<ContiguousArray<CChar>>, _ pointers: [UnsafePointer<CChar>?],
    _ body: ([UnsafePointer<CChar>?]) -> Int32
  ) -> Int32 {
    guard let first = texts.first else { return body(pointers) }
    return first.withUnsafeBufferPointer {
      withPointers(texts.dropFirst(), pointers + [$0.baseAddress], body)
    }
  }
}

extension TLSIdentity: CustomStringConvertible, CustomReflectable {
  /// That it is one, and nothing about its key.
  public var description: String { "a certificate with its key" }
  /// Nothing, as the key would be among it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a certificate, a key or trusted issuers cannot be used.
public enum TLSConfigurationError: Error, Hashable, Sendable {
  /// The text has no certificate in PEM.
  case noCertificate
  /// The text has no key in PEM, or one behind a password.
  case noKey
  /// The key is not that of the certificate.
  case otherKey
  /// No certificate can be made for these names.
  case cannotMakeCertificate([String])
  /// The library does not work here.
  case library
}

extension TLSConfigurationError: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .noCertificate: "there is no certificate in PEM (-----BEGIN CERTIFICATE-----)"
    case .noKey: "there is no key in PEM (-----BEGIN PRIVATE KEY-----), or it has a password"
    case .otherKey: "the key is not that of the first certificate"
    case .cannotMakeCertificate(let names):
      "no certificate can be made for \(names.joined(separator: ", "))"
    case .library: "OpenSSL does not work here"
    }
  }

  init(_ problem: UnsafePointer<CChar>?) {
    self =
      switch problem.map({ String(cString: $0) }) {
      case "certificate": .noCertificate
      case "key": .noKey
      case "pair": .otherKey
      default: .library
      }
  }
}

extension String {
  /// The text up to its terminating zero.
  init(terminated characters: [CChar]) {
    self.init(
      decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
