internal import TLS
internal import TransportAddress

extension TLSFailure {
  /// The likely causes, the likeliest first.
  ///
  /// - Parameters:
  ///   - name: what the server's certificate should have been for.
  ///   - port: where the server was asked.
  func causes(name: String, port: UInt16) -> [String] {
    switch reason {
    case .notTLS:
      [
        "what listens at port \(port) does not speak TLS: TURN over plain TCP, turn: with "
          + "?transport=tcp, or another service"
      ]
    case .version: ["the server only takes versions of TLS older than 1.2, which nobody should"]
    case .cipher: ["the server takes no cipher of this machine's, or its certificate fits none"]
    case .expired:
      [
        "the server's certificate has not been renewed, or the server has not read the new one",
        "the clock of this machine is ahead",
      ]
    case .notYetValid:
      [
        "the clock of this machine is behind",
        "the server's certificate was made for a time to come",
      ]
    case .name:
      if (try? IPAddress(parsing: name)) != nil {
        [
          "the server's certificate is not for the address \(name): most are for names, and the "
            + "URI must have that name"
        ]
      } else {
        [
          "the server's certificate is for another name than \(name): the URI must have the "
            + "certificate's name, or the server a certificate of this one"
        ]
      }
    case .unknownIssuer:
      [
        "the certificate is self-signed, or of an issuer that this machine does not know: --ca "
          + "names a file with it, if it is to be trusted",
        "the server does not show the certificates between its own and the issuer's: its file "
          + "must have the whole chain",
      ]
    case .certificate: ["the server's certificate cannot be used: \(text)"]
    case .alert:
      [
        "the server refuses the handshake: it may have no certificate for \(name), or want one "
          + "of its clients"
      ]
    case .other: ["TLS failed: \(text)"]
    }
  }
}
