/// Explains the bytes of a message, for annotated dumps.
///
/// Bytes that are not a message are explained too: every byte is in exactly one field that has no
/// `bits`, in order, and every error is a field with `isProblem`.
public enum STUNAnnotation {
  /// The fields of these bytes, in their order.
  ///
  /// - Complexity: O(*n*) in the bytes.
  public static func fields(of bytes: [UInt8]) -> [AnnotatedField] {
    var annotator = Annotator(bytes: bytes)
    annotator.annotateHeader()
    annotator.annotateAttributes()
    return annotator.fields
  }
}

struct Annotator {
  let bytes: [UInt8]
  var fields: [AnnotatedField] = []
  var layout = AttributeLayout()
  /// Where the message ends, by its header or by what has come, whichever is earlier.
  private var end: Int
  private var offset = 0
  /// Whether going on would only explain noise.
  private var hasStopped = false

  init(bytes: [UInt8]) {
    self.bytes = bytes
    end = bytes.count
  }

  /// The bytes as a number, the highest first; they must be there.
  func number(_ range: Range<Int>) -> UInt64 {
    bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
  }

  var transactionID: TransactionID {
    TransactionID(high: UInt32(number(8..<12)), low: number(12..<20))
  }

  mutating func annotateHeader() {
    guard let type = take(2, "Message Type") else { return }
    if type > 0x3FFF {
      add(0..<2, "Message Type", "the first two bits are not 0: this is not STUN", isProblem: true)
      return stop()
    }
    let messageType = MessageType(rawValue: UInt16(type))
    add(0..<2, "Message Type", "\(messageType) (\(Hexadecimal.number(type, digits: 4)))")
    addBits(0b11_00000_0_000_0_0000, of: type, "zero bits", "as in every STUN message")
    addBits(
      0b00_11111_0_111_0_1111, of: type, "method",
      "\(messageType.method) (\(Hexadecimal.number(UInt64(messageType.method.rawValue), digits: 3)))"
    )
    addBits(0b00_00000_1_000_1_0000, of: type, "class", "\(messageType.class)")

    guard let length = take(2, "Message Length") else { return }
    annotateLength(Int(length))
    guard let cookie = take(4, "Magic Cookie") else { return }
    guard cookie == UInt64(STUNHeader.magicCookie) else {
      add(
        4..<8, "Magic Cookie",
        "\(Hexadecimal.number(cookie, digits: 8)), not 0x2112A442: this is not STUN",
        isProblem: true)
      return stop()
    }
    add(4..<8, "Magic Cookie", Hexadecimal.number(cookie, digits: 8))
    guard take(12, "Transaction ID") != nil else { return }
    add(8..<20, "Transaction ID", "\(transactionID)")
  }

  private mutating func annotateLength(_ length: Int) {
    let following = bytes.count - STUNHeader.byteCount
    // Of a cut header the length cannot be judged yet; the cut itself is reported.
    let error: STUNDecodingError? =
      length % 4 != 0
      ? STUNDecodingError(.lengthNotMultipleOfFour, at: 2, expected: 4, found: length)
      : following < 0 || length == following
        ? nil
        : STUNDecodingError(
          length > following ? .messageTruncated : .trailingBytes, at: 2, expected: length,
          found: following)
    add(
      2..<4, "Message Length",
      error?.explanation ?? "\(length) bytes follow the header", isProblem: error != nil)
    end = min(bytes.count, STUNHeader.byteCount + length)
  }

  mutating func annotateAttributes() {
    while !hasStopped, offset < end {
      annotateAttribute()
    }
    if offset < bytes.count {
      add(
        offset..<bytes.count, "bytes not read",
        hasStopped ? "what they are cannot be told" : "they stand after the message's end",
        isProblem: true)
    }
  }

  private mutating func annotateAttribute() {
    let start = offset
    guard end - start >= 4 else {
      add(
        start..<end, "attribute",
        "4 bytes of type and length belong here, but only \(end - start) are left", isProblem: true)
      offset = end
      return
    }
    let type = AttributeType(rawValue: UInt16(number(start..<start + 2)))
    let length = Int(number(start + 2..<start + 4))
    layout.note(type, at: start)
    let isIgnored = !layout.heeds(type, at: start)
    add(
      start..<start + 2, "\(type)",
      "attribute type \(Hexadecimal.number(UInt64(type.rawValue), digits: 4)), "
        + (type.isComprehensionRequired ? "comprehension-required" : "comprehension-optional")
        + (isIgnored ? "; ignored, for it follows an integrity attribute" : ""))

    let value = start + 4
    let left = end - value
    guard length <= left else {
      add(
        start + 2..<value, depth: 1, "Length",
        "\(length) bytes, but only \(left) are left in the message", isProblem: true)
      if left > 0 {
        add(value..<end, depth: 1, "Value", "the first \(left) of \(length) bytes", isProblem: true)
      }
      offset = end
      return
    }
    add(start + 2..<value, depth: 1, "Length", "\(length) bytes of value")
    if length > 0 { annotateValue(of: type, at: value..<value + length) }
    annotatePadding(at: value + length, count: -length & 3)
  }

  private mutating func annotatePadding(at start: Int, count: Int) {
    offset = min(start + count, end)
    guard offset > start || count > 0 else { return }
    let isCut = offset - start < count
    add(
      start..<offset, depth: 1, "Padding",
      isCut
        ? "\(count) bytes belong here, but only \(offset - start) are left"
        : "\(count) byte\(count == 1 ? "" : "s"), ignored", isProblem: isCut)
  }

  /// The header field's number, or nil, and the cut reported, when it is not all there.
  private mutating func take(_ count: Int, _ name: String) -> UInt64? {
    let start = offset
    guard bytes.count - start >= count else {
      add(
        start..<bytes.count, name,
        "cut short: \(bytes.count - start) of its \(count) bytes are here", isProblem: true)
      stop(at: bytes.count)
      return nil
    }
    offset += count
    // Twelve bytes do not fit; whoever takes them reads them another way.
    return count > 8 ? 0 : number(start..<offset)
  }

  private mutating func stop(at position: Int? = nil) {
    hasStopped = true
    offset = position ?? offset
  }

  mutating func add(
    _ range: Range<Int>, depth: Int = 0, _ name: String, _ meaning: String, isProblem: Bool = false
  ) {
    fields.append(
      AnnotatedField(range, depth: depth, name, meaning, isProblem: isProblem))
  }

  private mutating func addBits(_ mask: UInt16, of value: UInt64, _ name: String, _ meaning: String)
  {
    let part = AnnotatedField.Part.bits(mask: mask, of: UInt16(truncatingIfNeeded: value))
    fields.append(AnnotatedField(0..<2, part: part, depth: 1, name, meaning))
  }
}
