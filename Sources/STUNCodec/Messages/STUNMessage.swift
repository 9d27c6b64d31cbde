/// A STUN message that owns its bytes: for storing, printing and learning.
///
/// Packet paths use `STUNMessageView`, which copies nothing. Both have the same attributes, those of
/// `STUNMessageReader` (RFC 8489 §5).
public struct STUNMessage: Sendable, Hashable {
  /// The whole message, header included.
  public let bytes: [UInt8]
  private let layout: AttributeLayout

  /// Reads a message that fills the bytes exactly.
  ///
  /// - Throws: the first error in header or attribute lengths. Unknown methods, unknown attributes and
  ///   malformed values are not errors here.
  /// - Complexity: O(*n*) in the number of attributes.
  public init(_ bytes: [UInt8]) throws(STUNDecodingError) {
    layout = try STUNMessageView(bytes.span.bytes).layout
    self.bytes = bytes
  }

  /// A message with a copy of the view's bytes, which are not checked again.
  public init(_ view: borrowing STUNMessageView) {
    layout = view.layout
    bytes = view.bytes.copied()
  }

  /// The message where its bytes lie, as packet paths read it.
  public var view: STUNMessageView {
    @_lifetime(borrow self)
    get { STUNMessageView(checked: bytes.span.bytes, layout: layout) }
  }

  /// The message's class and method.
  public var type: MessageType { view.type }
  /// The ID that a response shares with its request.
  public var transactionID: TransactionID { view.transactionID }

  /// The attributes that count, in order; those that a receiver must ignore are left out.
  public var attributes: [STUNAttribute] { allAttributes.filter { !$0.isIgnored } }

  /// Every attribute, also those after MESSAGE-INTEGRITY that a receiver must ignore.
  public var allAttributes: [STUNAttribute] {
    var list: [STUNAttribute] = []
    var cursor = view.allAttributes
    while let attribute = cursor.next() {
      list.append(
        STUNAttribute(
          type: attribute.type, value: attribute.value.copied(), byteOffset: attribute.byteOffset,
          isIgnored: !layout.heeds(attribute.type, at: attribute.byteOffset)))
    }
    return list
  }

  /// A copy of the value of the first attribute of this type that counts, or nil.
  public func value(of type: AttributeType) -> [UInt8]? {
    view.first(type)?.value.copied()
  }
}

/// One attribute with a copy of its value.
public struct STUNAttribute: Sendable, Hashable {
  /// The attribute's type.
  public let type: AttributeType
  /// The value without its padding.
  public let value: [UInt8]
  /// The offset of the attribute's type, counted in bytes from the message's first.
  public let byteOffset: Int
  /// Whether a receiver must ignore it, as it follows message integrity (RFC 8489 §9).
  public let isIgnored: Bool

  /// How many bytes follow the value to fill it up to a multiple of four.
  public var paddingByteCount: Int { -value.count & 3 }
}

extension STUNMessage {
  /// The bytes of a message that `body` appends attributes to.
  ///
  /// The message is built on the stack, in as many bytes as a path of unknown MTU carries
  /// (RFC 8489 §6.1), and moves to the heap only when it grows beyond them.
  ///
  /// - Throws: what `body` throws. The builder never throws `bufferTooSmall` here.
  /// - Complexity: O(*n*) in the message's length; allocates the result alone up to 576 bytes.
  public static func encode<Failure: Error>(
    _ type: MessageType, transactionID: TransactionID,
    _ body: (inout STUNMessageBuilder) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var buffer = InlineArray<576, UInt8>(repeating: 0)
    var span = buffer.mutableSpan
    var builder = STUNMessageBuilder(
      type, transactionID: transactionID, intoAtLeast20Bytes: span.mutableBytes, isGrowing: true)
    try body(&builder)
    return builder.prefix(builder.byteCount).copied()
  }

  /// The bytes of a message without attributes.
  public static func encode(_ type: MessageType, transactionID: TransactionID) -> [UInt8] {
    encode(type, transactionID: transactionID) { _ in }
  }
}
