import CommandOptions
import Glibc
import ProgramSupport
import Sockets
import TLS
import TransportAddress

/// The certificate that clients over TLS are shown.
struct ServedCertificate {
  let context: TLSContext
  /// Whether it was made for this run, so that clients cannot know it.
  let isMadeUp: Bool

  /// The certificate with the files read anew; one that was made for this run stays.
  ///
  /// - Throws: `WorkbookError` where a file cannot be read, or has not what it should have.
  func renewed(_ arguments: ServeArguments, _ plan: ServePlan) throws(WorkbookError) -> Self {
    guard !isMadeUp, arguments.cert != nil, let new = try Self(arguments, plan) else { return self }
    return new
  }

  /// Nil where TLS is not served.
  ///
  /// - Throws: `WorkbookError` where a file cannot be read, or has not what it should have.
  init?(_ arguments: ServeArguments, _ plan: ServePlan) throws(WorkbookError) {
    guard !plan.secureListening.isEmpty else { return nil }
    var given: TLSIdentity?
    if let certificate = arguments.cert, let key = arguments.key {
      given = TLSIdentity(
        chain: String(decoding: try readFile(certificate), as: UTF8.self),
        key: String(decoding: try readFile(key), as: UTF8.self))
    }
    isMadeUp = given == nil
    do throws(TLSConfigurationError) {
      if let given {
        context = try TLSContext(server: given)
      } else {
        context = try TLSContext(server: TLSIdentity(selfSignedFor: Self.names(plan)))
      }
    } catch {
      switch error {
      case .noCertificate: throw .usage("--cert: in \(arguments.cert ?? "") \(error)")
      case .noKey: throw .usage("--key: in \(arguments.key ?? "") \(error)")
      case .otherKey: throw .usage("--key: \(error)")
      case .cannotMakeCertificate, .library: throw .missing("\(error)", remedy: nil)
      }
    }
  }

  /// What clients may call this server: its addresses, and its host's name.
  private static func names(_ plan: ServePlan) -> [String] {
    var addresses = plan.secureListening.map(\.address)
    if addresses.contains(where: { $0.classification == .unspecified }) {
      addresses.removeAll { $0.classification == .unspecified }
      addresses += [plan.ipv4, plan.ipv6].compactMap(\.self)
      addresses += ((try? hostAddresses()) ?? []).sorted { "\($0)" < "\($1)" }
    }
    var names: [String] = []
    for address in addresses where !names.contains("\(address)") { names.append("\(address)") }
    if addresses.contains(where: { $0.classification == .loopback }) { names.append("localhost") }
    var host = [CChar](repeating: 0, count: 256)
    if gethostname(&host, host.count - 1) == 0 {
      let name = String(
        decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if !name.isEmpty, !names.contains(name) { names.append(name) }
    }
    // A certificate has room for so many; each of a machine's addresses would be in a larger one.
    return Array(names.prefix(32))
  }

  /// The certificate's SHA-256, as browsers and `openssl x509 -fingerprint -sha256` show it.
  var fingerprint: String { CertificateFingerprint.text(context.fingerprint ?? []) }
}
