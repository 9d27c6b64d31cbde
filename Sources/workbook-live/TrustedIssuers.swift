import ProgramSupport
import TLS

/// Whom to trust besides the system's issuers: the certificates in the file of `--ca`.
func trustedIssuers(_ path: String) throws(WorkbookError) -> TLSContext {
  let text = String(decoding: try readFile(path), as: UTF8.self)
  do throws(TLSConfigurationError) {
    return try TLSContext(clientTrusting: text)
  } catch {
    throw .usage("--ca: in \(path) \(error)")
  }
}
