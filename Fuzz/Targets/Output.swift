internal import Capture
internal import STUNCodec

func explain(_ bytes: [UInt8]) {
  let fields = STUNAnnotation.fields(of: bytes)
  // Every byte is in exactly one field that stands for bytes.
  var end = 0
  for field in fields where field.bits == nil {
    precondition(field.byteRange.lowerBound == end)
    end = field.byteRange.upperBound
    _ = field.description
  }
  precondition(end == bytes.count)
  if let text = String(validating: bytes, as: UTF8.self) { _ = try? Hexadecimal.bytes(text) }
  // What is printed as hexadecimal is read again as the same bytes.
  if !bytes.isEmpty {
    guard let again = try? Hexadecimal.bytes(Hexadecimal.text(bytes)) else {
      fatalError("not read again")
    }
    precondition(again == bytes)
  }
}

func readCapture(_ bytes: [UInt8]) {
  var finder = MessageFinder()
  var events: [CaptureEvent] = []
  try? CaptureFile.read(bytes) { frame in
    events += finder.events(in: frame)
  }
  // The same bytes as a frame of each kind, without a file around them.
  let types: [LinkType] = [
    .ethernet, .raw, .linuxCooked, .linuxCooked2, .null, .loop, .ppp, .pppHDLC, .pppEthernet, .llc,
    .wireless, .radiotap, .nflog,
  ]
  for type in types {
    let frame = CapturedFrame(
      number: 1, time: 0, linkType: type, bytes: bytes, originalByteCount: bytes.count)
    events += finder.events(in: frame)
  }
  events += finder.finish()
  var tracker = TransactionTracker()
  for event in events {
    switch event {
    case .message(let message): tracker.observed(message)
    case .icmpError(let error): tracker.observed(error)
    case .gap: break
    }
  }
  tracker.captureEnded()
  _ = CaptureReport(tracker.transactions, tracker.runs)
}
