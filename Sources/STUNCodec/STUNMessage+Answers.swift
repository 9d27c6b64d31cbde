extension STUNMessage {
  /// The answer that a request with unknown comprehension-required attributes gets, error 420; nil
  /// when everything is understood.
  ///
  /// It has no message integrity: append a key's integrity by building it with `encode`. RFC 8489 §6.3.1.
  public func unknownAttributeResponse(
    understanding: (AttributeType) -> Bool = \.isRegistered
  ) -> [UInt8]? {
    let unknown = unknownComprehensionRequired(understanding: understanding)
    guard !unknown.isEmpty else { return nil }
    // Two bytes a type, and there are at most as many types as attributes of four bytes: it fits.
    return try? STUNMessage.encode(
      MessageType(.errorResponse, type.method), transactionID: transactionID
    ) { (answer: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try answer.append(errorCode: .unknownAttribute)
      try answer.append(unknownAttributes: unknown)
    }
  }
}
