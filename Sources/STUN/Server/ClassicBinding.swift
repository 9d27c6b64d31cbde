import STUNCodec
public import TransportAddress

/// Binding requests of classic STUN, in which the magic cookie's place belongs to the transaction ID.
///
/// libnice, for one, asks for its mapped address with them. A server recognizes them by the missing magic
/// cookie (RFC 5389 §12.2, which RFC 8489 §11 keeps; RFC 3489 §11.1).
public enum ClassicBinding {
  /// The response to a Binding request without the magic cookie; nil for any other bytes.
  ///
  /// It has all 16 bytes of the transaction ID, and MAPPED-ADDRESS instead of XOR-MAPPED-ADDRESS.
  /// RESPONSE-ADDRESS and CHANGE-REQUEST are not understood: a request with them gets 420.
  /// - Complexity: O(*n*) in the request's bytes; O(1), allocating nothing, for any other bytes.
  public static func response(to bytes: Span<UInt8>, from client: TransportAddress) -> [UInt8]? {
    guard bytes.count >= STUNHeader.byteCount, bytes[0] == 0, bytes[1] == 1 else { return nil }
    guard cookiePlace.contains(where: { bytes[$0] != magicCookie[$0 - cookiePlace.lowerBound] })
    else { return nil }
    // With the magic cookie in it, it is read as any other request.
    var modern = bytes.withUnsafeBufferPointer { Array($0) }
    modern.replaceSubrange(cookiePlace, with: magicCookie)
    // FINGERPRINT came with the magic cookie.
    guard let request = try? STUNMessage(modern), request.verifyFingerprint() == .absent,
      var response = response(to: request, from: client)
    else { return nil }
    for index in cookiePlace { response[index] = bytes[index] }
    return response
  }

  private static func response(
    to request: STUNMessage, from client: TransportAddress
  ) -> [UInt8]? {
    if let refusal = request.unknownAttributeResponse(
      understanding: { $0 == .username || $0 == .messageIntegrity })
    {
      return refusal
    }
    return try? STUNMessage.encode(
      .bindingSuccessResponse, transactionID: request.transactionID
    ) { (message: inout STUNMessageBuilder) throws(STUNEncodingError) in
      try message.append(mappedAddress: client)
    }
  }

  private static let cookiePlace = 4..<8
  private static let magicCookie: [UInt8] = [0x21, 0x12, 0xA4, 0x42]
}
