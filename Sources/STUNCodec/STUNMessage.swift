/// A STUN message that owns its bytes: for storing, printing and learning.
///
/// Packet paths use `STUNMessageView`, which copies nothing; this reads the same fields from bytes of
/// its own. RFC 8489 §5.
public struct STUNMessage: Sendable, Hashable {
  /// The whole message, header included.
  public let bytes: [UInt8]
  private let layout: AttributeLayout

  /// Reads a message that fills the bytes exactly.
  ///
  /// - Throws: the first thing wrong with the frame. Unknown methods, unknown attributes and odd
  ///   values are not errors here.
  public init(_ bytes: [UInt8]) throws(STUNDecodingError) {
    layout = try STUNMessageView(bytes.span.bytes).layout
    self.bytes = bytes
  }

  /// A copy of a message that has been read where it lies.
  public init(_ view: borrowing STUNMessageView) {
    layout = view.layout
    bytes = view.bytes.copied()
  }

  /// The message as the packet path sees it.
  public var view: STUNMessageView {
    @_lifetime(borrow self)
    get { STUNMessageView(checked: bytes.span.bytes, layout: layout) }
  }

  public var type: MessageType { view.type }
  public var transactionID: TransactionID { view.transactionID }

  /// The attributes that a receiver heeds, in order.
  public var attributes: [STUNAttribute] { allAttributes.filter { !$0.isIgnored } }

  /// Every attribute, also those after MESSAGE-INTEGRITY that nobody may believe.
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

  /// The value of the first attribute of this type that a receiver heeds, or nil.
  public func value(of type: AttributeType) -> [UInt8]? {
    view.first(type)?.value.copied()
  }

  /// Whether the message has an attribute of this type that a receiver heeds; copies nothing.
  ///
  /// - Complexity: as `STUNMessageView.has(_:)`.
  public func has(_ type: AttributeType) -> Bool { view.has(type) }

  /// The types that forbid answering as if nothing were the matter, each once, in order.
  public func unknownComprehensionRequired(
    understanding: (AttributeType) -> Bool = \.isRegistered
  ) -> [AttributeType] {
    var types: [AttributeType] = []
    view.forEachUnknownComprehensionRequired(understanding: understanding) {
      if !types.contains($0) { types.append($0) }
    }
    return types
  }
}

/// One attribute with a copy of its value.
public struct STUNAttribute: Sendable, Hashable {
  public let type: AttributeType
  /// The value without its padding.
  public let value: [UInt8]
  /// Where the attribute's type stands, counted in bytes from the message's first.
  public let byteOffset: Int
  /// Whether it stands where a receiver must not heed it. RFC 8489 §14.5.
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
