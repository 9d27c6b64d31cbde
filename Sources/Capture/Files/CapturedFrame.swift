/// A frame as a capture recorded it.
public struct CapturedFrame: Hashable, Sendable {
  /// Counted from 1 through the whole file, as Wireshark does.
  public let number: Int
  /// When it was recorded, in nanoseconds since 1970.
  public let time: Int64
  /// Which of the capture's interfaces recorded it: an index into ``CaptureReader/interfaces``.
  public let interface: Int
  /// How the frame begins.
  public let linkType: LinkType
  /// The bytes that were kept of the frame.
  public let bytes: [UInt8]
  /// How long the frame was on the wire.
  public let originalByteCount: Int

  /// A frame with all that a capture says about it.
  public init(
    number: Int, time: Int64, interface: Int = 0, linkType: LinkType, bytes: [UInt8],
    originalByteCount: Int
  ) {
    self.number = number
    self.time = time
    self.interface = interface
    self.linkType = linkType
    self.bytes = bytes
    self.originalByteCount = originalByteCount
  }
}

/// A network interface that a capture was made on.
public struct CapturedInterface: Hashable, Sendable {
  /// The name that the capture gives, `eth0` for instance; pcap files give none.
  public let name: String?
  /// How this interface's frames begin.
  public let linkType: LinkType

  /// An interface, with a name where one is known.
  public init(name: String? = nil, linkType: LinkType) {
    self.name = name
    self.linkType = linkType
  }
}

/// Why a capture cannot be read, or cannot be read any further.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and at which byte of the capture, uncompressed.
  public let description: String
}
