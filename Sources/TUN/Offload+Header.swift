import CLinux
import Router

/// `struct virtio_net_hdr`, which stands before each packet of a TUN device, in the machine's own
/// byte order:
///
///      0       1          2              4          6               8
///     ┌───────┬──────────┬──────────────┬──────────┬───────────────┬─────────────────┐
///     │ flags │ GSO type │ header length│ GSO size │ checksum start│ checksum offset │
///     └───────┴──────────┴──────────────┴──────────┴───────────────┴─────────────────┘
extension Offload {
  static var encodedLength: Int { Int(LINUX_TUN_HEADER_LENGTH) }

  /// - Precondition: the header is there.
  init(header: UnsafeRawBufferPointer) {
    func word(_ offset: Int) -> Int {
      Int(header.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
    self.init()
    // VIRTIO_NET_HDR_F_NEEDS_CSUM
    if header[0] & 1 != 0 {
      checksumStart = word(6)
      checksumOffset = word(8)
    }
    // VIRTIO_NET_HDR_GSO_NONE
    if header[1] != 0 {
      headerLength = word(2)
      segmentSize = word(4)
    }
  }
}
