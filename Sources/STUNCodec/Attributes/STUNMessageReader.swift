import ByteOrder
public import TransportAddress

/// A message whose attributes can be read, whether it borrows its bytes or owns them.
///
/// Each attribute is a property: nil where the message has none that counts, a thrown error where its
/// value is not what the RFC lays down. Those whose values are bytes or text are on
/// `STUNMessageView`, which lends them, and on `STUNMessage`, which copies them.
public protocol STUNMessageReader: ~Escapable {
  /// The message where its bytes lie.
  var view: STUNMessageView { @_lifetime(borrow self) get }
}

extension STUNMessageView: STUNMessageReader {
  /// The view itself.
  @inlinable
  public var view: STUNMessageView {
    @_lifetime(borrow self) get { self }
  }
}

extension STUNMessage: STUNMessageReader {}

extension STUNMessageReader where Self: ~Escapable {
  /// Whether the message has an attribute of this type that counts; copies nothing.
  ///
  /// - Complexity: O(*n*) in the number of attributes; O(1) for the integrity attributes and
  ///   XOR-MAPPED-ADDRESS. Allocates nothing.
  @inlinable
  public func has(_ type: AttributeType) -> Bool {
    view.first(type) != nil
  }
}

extension STUNMessageView {
  /// The value as a number, its highest byte first; nil if absent.
  ///
  /// - Throws: `wrongValueLength` unless it has exactly this many bytes, 8 at most.
  @usableFromInline
  func fixed(_ type: AttributeType, byteCount: Int) throws(STUNDecodingError) -> UInt64? {
    guard let attribute = first(type) else { return nil }
    try attribute.requireLength(byteCount)
    switch byteCount {
    case 4: return UInt64(attribute.value.bigEndian32(at: 0))
    case 8: return attribute.value.bigEndian64(at: 0)
    default:
      var number: UInt64 = 0
      for index in 0..<byteCount { number = number << 8 | UInt64(attribute.value.byte(at: index)) }
      return number
    }
  }

  /// Whether an attribute that has no value is there.
  ///
  /// - Throws: `wrongValueLength` unless it is empty.
  @usableFromInline
  func flag(_ type: AttributeType) throws(STUNDecodingError) -> Bool {
    try fixed(type, byteCount: 0) != nil
  }

  /// The value as a transport address that is not XORed; nil if absent.
  @usableFromInline
  func address(_ type: AttributeType) throws(STUNDecodingError) -> TransportAddress? {
    guard let attribute = first(type) else { return nil }
    return try attribute.address()
  }

  /// The value as a transport address with the XOR taken back; nil if absent.
  @usableFromInline
  func xoredAddress(_ type: AttributeType) throws(STUNDecodingError) -> TransportAddress? {
    try address(type)?.xored(with: transactionID)
  }
}
