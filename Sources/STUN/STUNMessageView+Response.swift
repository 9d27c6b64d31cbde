internal import STUNCodec
internal import TransportAddress

/// What a client reads in a response; what cannot be read counts as absent.
extension STUNMessageView {
  /// The types that are comprehension-required and not understood, each once, in order.
  var unknownComprehensionRequired: [AttributeType] {
    var types: [AttributeType] = []
    forEachUnknownComprehensionRequired { if !types.contains($0) { types.append($0) } }
    return types
  }

  var readableRealm: String? {
    do throws(STUNDecodingError) { return try realm?.validText } catch { return nil }
  }

  var readableNonce: String? {
    do throws(STUNDecodingError) { return try nonce?.validText } catch { return nil }
  }

  var readablePasswordAlgorithms: PasswordAlgorithmList? {
    @_lifetime(copy self)
    get {
      do throws(STUNDecodingError) { return try passwordAlgorithms } catch { return nil }
    }
  }

  var readableErrorCode: ErrorCode? { try? errorCode }

  var readableXORMappedAddress: TransportAddress? { try? xorMappedAddress }

  var readableAlternateServer: TransportAddress? { try? alternateServer }

  var readableAlternateDomain: String? {
    do throws(STUNDecodingError) { return try alternateDomain?.text } catch { return nil }
  }
}

extension IPAddress {
  func isSameFamily(as other: IPAddress) -> Bool {
    switch (self, other) {
    case (.v4, .v4), (.v6, .v6): true
    default: false
    }
  }
}
