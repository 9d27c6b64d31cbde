import ByteOrder

/// Writes a message into the caller's buffer, attribute by attribute, allocating nothing
/// (RFC 8489 §5, §14).
///
/// After every call the first `byteCount` bytes are a whole message: its length is right and its
/// padding is zero, so nothing of the buffer's earlier content is sent (as in CVE-2020-4067). A call
/// that throws has changed nothing.
public struct STUNMessageBuilder: ~Copyable, ~Escapable {
  private var buffer: MutableRawSpan
  /// How many bytes of the buffer the message takes so far.
  public private(set) var byteCount = STUNHeader.byteCount
  /// The last integrity attribute or FINGERPRINT appended: what may follow depends on it.
  private var lastIntegrity: AttributeType?
  /// Whether the message moves to a larger buffer when it outgrows this one.
  private let isGrowing: Bool
  /// The buffer that the message has grown into, which the builder frees.
  private var ownBuffer: UnsafeMutableRawPointer?
  /// Zero in all that is sent (RFC 8489 §14); tests rebuild RFC 5769's samples, which have spaces.
  var paddingByte: UInt8 = 0

  /// The ID in the header, with which XOR addresses are flipped.
  public let transactionID: TransactionID

  /// Begins a message without attributes; it overwrites the buffer as it grows.
  ///
  /// - Throws: `bufferTooSmall` below the header's 20 bytes.
  @_lifetime(copy buffer)
  public init(
    _ type: MessageType, transactionID: TransactionID, into buffer: consuming MutableRawSpan
  ) throws(STUNEncodingError) {
    guard buffer.byteCount >= STUNHeader.byteCount else {
      throw STUNEncodingError(
        code: .bufferTooSmall, attribute: nil, limit: buffer.byteCount, found: STUNHeader.byteCount)
    }
    self.init(type, transactionID: transactionID, intoAtLeast20Bytes: buffer)
  }

  /// For a buffer that is known to hold a header; traps where it does not.
  ///
  /// - Parameter isGrowing: whether a message too long for it goes into a buffer of its own.
  @_lifetime(copy buffer)
  init(
    _ type: MessageType, transactionID: TransactionID,
    intoAtLeast20Bytes buffer: consuming MutableRawSpan, isGrowing: Bool = false
  ) {
    buffer.storeBigEndian(type.rawValue, at: 0)
    buffer.storeBigEndian(UInt16(0), at: 2)
    buffer.storeBigEndian(STUNHeader.magicCookie, at: 4)
    buffer.storeBigEndian(transactionID.high, at: 8)
    buffer.storeBigEndian(transactionID.low, at: 12)
    self.buffer = buffer
    self.transactionID = transactionID
    self.isGrowing = isGrowing
  }

  deinit { ownBuffer?.deallocate() }

  /// Appends an attribute whose value is these bytes, which are copied as memory.
  ///
  /// - Throws: `bufferTooSmall`, `messageTooLong`, or `attributeAfterMessageIntegrity`.
  /// - Complexity: O(*n*) in the value's length.
  @_lifetime(self: copy self)
  public mutating func append(_ type: AttributeType, value: RawSpan) throws(STUNEncodingError) {
    let offset = try open(type, valueByteCount: value.byteCount)
    store(value, at: offset)
  }

  /// Appends an attribute whose value is these bytes, for types that have no method of their own.
  ///
  /// - Throws: as `append(_:value:)` does.
  /// - Complexity: O(*n*) in the value's length.
  @_lifetime(self: copy self)
  public mutating func append(_ type: AttributeType, bytes: [UInt8]) throws(STUNEncodingError) {
    try append(type, value: bytes.span.bytes)
  }

  /// Appends an attribute whose value is 32 bits.
  @_lifetime(self: copy self)
  mutating func append(_ type: AttributeType, _ number: UInt32) throws(STUNEncodingError) {
    store(number, at: try open(type, valueByteCount: 4))
  }

  /// Writes the attribute's header and padding and the message's new length, and makes room.
  ///
  /// - Returns: where the value begins.
  @_lifetime(self: copy self)
  mutating func open(_ type: AttributeType, valueByteCount: Int) throws(STUNEncodingError) -> Int {
    if let lastIntegrity, !Self.mayFollow(lastIntegrity, type) {
      throw STUNEncodingError(
        code: .attributeAfterMessageIntegrity, attribute: type, limit: Int(lastIntegrity.rawValue),
        found: 0)
    }
    let valueOffset = byteCount + 4
    let end = valueOffset + (valueByteCount + 3) & ~3
    guard end <= STUNHeader.maximumMessageByteCount else {
      throw STUNEncodingError(
        code: .messageTooLong, attribute: type, limit: STUNHeader.maximumMessageByteCount,
        found: end)
    }
    if end > buffer.byteCount {
      guard isGrowing else {
        throw STUNEncodingError(
          code: .bufferTooSmall, attribute: type, limit: buffer.byteCount, found: end)
      }
      grow(toHold: end)
    }
    // Both lengths fit 16 bits: the whole message is at most 20 + 0xFFFC bytes.
    store(UInt32(type.rawValue) << 16 | UInt32(valueByteCount), at: byteCount)
    // The last word has the padding; what it has of the value is written by the caller.
    if valueByteCount & 3 != 0 { store(UInt32(paddingByte) &* 0x0101_0101, at: end - 4) }
    store(UInt16(end - STUNHeader.byteCount), at: 2)
    byteCount = end
    switch type {
    case .messageIntegrity, .messageIntegritySHA256, .fingerprint: lastIntegrity = type
    default: break
    }
    return valueOffset
  }

  /// Moves the message to a larger buffer of the builder's own, at least twice as large.
  ///
  /// A call of its own, so that `open` stays short where the buffer is the caller's.
  @inline(never)
  @_lifetime(self: copy self)
  private mutating func grow(toHold end: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(max(2 * buffer.byteCount, end), STUNHeader.maximumMessageByteCount),
      alignment: 1)
    prefix(byteCount).withUnsafeBytes { larger.copyMemory(from: $0) }
    ownBuffer?.deallocate()
    ownBuffer = larger.baseAddress
    // Sound: the memory lives as long as the builder, which frees it in its deinitialiser. The rest
    // of it is not initialised, and nothing reads beyond `byteCount`.
    buffer = _overrideLifetime(MutableRawSpan(_unsafeBytes: larger), copying: self)
  }

  /// Whether this attribute counts after that one (RFC 8489 §9 and §14.7).
  private static func mayFollow(_ integrity: AttributeType, _ type: AttributeType) -> Bool {
    switch integrity {
    case .messageIntegrity: type == .messageIntegritySHA256 || type == .fingerprint
    case .messageIntegritySHA256: type == .fingerprint
    default: false
    }
  }

  /// Stores a number, its highest byte first, where `open` has made room.
  @_lifetime(self: copy self)
  mutating func store(_ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
    buffer.storeBigEndian(value, at: offset)
  }

  /// Copies bytes to where `open` has made room.
  @_lifetime(self: copy self)
  mutating func store(_ bytes: RawSpan, at offset: Int) {
    buffer.copyMemory(from: bytes, at: offset)
  }

  /// Sets to zero what `open` has made room for.
  @_lifetime(self: copy self)
  mutating func clear(_ range: Range<Int>) {
    buffer.clear(range)
  }

  /// The first bytes of the message, up to below `end`.
  @_lifetime(borrow self)
  func prefix(_ end: Int) -> RawSpan {
    buffer.bytes.extracting(first: end)
  }
}
