internal import CPcap
internal import Glibc

/// libpcap, loaded when the first capture is opened: with the libraries that it needs itself it would
/// cost each start of the program a millisecond, whatever the program is to do.
struct PcapLibrary {
  typealias Handle = OpaquePointer

  /// `pcap_fopen_offline_with_tstamp_precision`: the file, the precision and room for a message.
  let open: Open
  typealias Open =
    @convention(c) (UnsafeMutablePointer<FILE>, UInt32, UnsafeMutablePointer<CChar>) -> Handle?
  /// `pcap_datalink`
  let linkType: LinkTypeOf
  typealias LinkTypeOf = @convention(c) (Handle) -> Int32
  /// `pcap_next_ex`
  let next: Next
  typealias Next =
    @convention(c) (
      Handle, UnsafeMutablePointer<UnsafeMutablePointer<pcap_pkthdr>?>,
      UnsafeMutablePointer<UnsafePointer<UInt8>?>
    ) -> Int32
  /// `pcap_geterr`
  let message: Message
  typealias Message = @convention(c) (Handle) -> UnsafePointer<CChar>
  /// `pcap_close`
  let close: Close
  typealias Close = @convention(c) (Handle) -> Void

  /// Nil where it is not installed.
  static let shared = PcapLibrary()

  private init?() {
    // As Debian calls it, and as others do.
    let names = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first,
      let open = dlsym(library, "pcap_fopen_offline_with_tstamp_precision"),
      let linkType = dlsym(library, "pcap_datalink"),
      let next = dlsym(library, "pcap_next_ex"),
      let message = dlsym(library, "pcap_geterr"), let close = dlsym(library, "pcap_close")
    else { return nil }
    // Each is declared in <pcap/pcap.h> with the type that it is given here.
    self.open = unsafeBitCast(open, to: Open.self)
    self.linkType = unsafeBitCast(linkType, to: LinkTypeOf.self)
    self.next = unsafeBitCast(next, to: Next.self)
    self.message = unsafeBitCast(message, to: Message.self)
    self.close = unsafeBitCast(close, to: Close.self)
  }
}
