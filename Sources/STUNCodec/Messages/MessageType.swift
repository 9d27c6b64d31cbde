/// A message's class and method, interleaved in the 14 bits after the two leading zeros
/// (RFC 8489 §5).
///
///      0                   1
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |0 0|M M M M M|C|M M M|C|M M M M|
///     |   |B A 9 8 7|1|6 5 4|0|3 2 1 0|
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///
/// The class bits stand between method bits because the first STUN, RFC 3489, numbered requests
/// 0x0001, their responses 0x0101 and their error responses 0x0111, and those numbers had to stay.
public struct MessageType: RawRepresentable, Hashable, Sendable {
  /// The header's first 16 bits; the two highest are always zero.
  public let rawValue: UInt16

  /// The type with this number, of which the lowest 14 bits count.
  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue & 0x3FFF
  }

  // snippet.interleave
  /// Folds a class and a method into one type.
  public init(_ messageClass: MessageClass, _ method: STUNMethod) {
    let c = UInt16(messageClass.rawValue)
    let m = method.rawValue
    rawValue =
      (m & 0b1111_1000_0000) << 2  // M11 to M7 make room for both class bits,
      | (c & 0b10) << 7  // C1 stands at bit 8,
      | (m & 0b0000_0111_0000) << 1  // M6 to M4 make room for one,
      | (c & 0b01) << 4  // C0 stands at bit 4,
      | (m & 0b0000_0000_1111)  // and M3 to M0 stay where they were.
  }
  // snippet.end

  /// The class bits, C1 and C0, brought back together.
  public var `class`: MessageClass {
    switch (rawValue & 0b1_0000_0000 != 0, rawValue & 0b0_0001_0000 != 0) {
    case (false, false): .request
    case (false, true): .indication
    case (true, false): .successResponse
    case (true, true): .errorResponse
    }
  }

  /// The method bits, M11 to M0, brought back together.
  public var method: STUNMethod {
    STUNMethod(
      rawValue: (rawValue & 0b11_1110_0000_0000) >> 2
        | (rawValue & 0b1110_0000) >> 1
        | (rawValue & 0b1111))
  }

  /// A Binding request, 0x0001.
  public static let bindingRequest = MessageType(.request, .binding)
  /// A Binding indication, 0x0011.
  public static let bindingIndication = MessageType(.indication, .binding)
  /// A Binding success response, 0x0101.
  public static let bindingSuccessResponse = MessageType(.successResponse, .binding)
  /// A Binding error response, 0x0111.
  public static let bindingErrorResponse = MessageType(.errorResponse, .binding)
}

extension MessageType: CustomStringConvertible {
  /// `Binding request`, `Allocate error response`.
  public var description: String { "\(method) \(self.class)" }
}
