import Capture
import Testing

@Suite struct CaptureFileTests {
  func read(_ file: [UInt8]) -> (frames: [CapturedFrame], error: CaptureError?) {
    var frames: [CapturedFrame] = []
    do throws(CaptureError) {
      try CaptureFile.read(file) { frames.append($0) }
      return (frames, nil)
    } catch {
      return (frames, error)
    }
  }

  @Test("A pcap file gives its frames with numbers, times and link type")
  func pcapFile() {
    let file = pcap([ipv4(udp(response)), [1]], linkType: 101)
    #expect(CaptureFile.isCapture(file))
    let (frames, error) = read(file)
    #expect(error == nil)
    #expect(frames.map(\.number) == [1, 2])
    #expect(frames.map(\.time) == [1_000_250_000_000, 1_001_250_000_000])
    // libpcap gives raw IP the number it has on this system.
    #expect(frames.allSatisfy { $0.linkType == .rawDLT || $0.linkType == .raw })
    #expect(frames[1].bytes == [1])
  }

  @Test("A file torn anywhere gives the frames before the tear, and says that it is torn")
  func torn() {
    let file = pcap([ipv4(udp(response)), ipv4(udp(response))], linkType: 101)
    let frameByteCount = 16 + ipv4(udp(response)).count
    for count in 0..<file.count {
      let (frames, error) = read(Array(file.prefix(count)))
      let whole = count < 24 ? 0 : (count - 24) / frameByteCount
      #expect(frames.count == whole)
      let endsCleanly = count >= 24 && (count - 24) % frameByteCount == 0
      #expect((error == nil) == endsCleanly, "\(count) bytes")
    }
  }

  @Test("What is no capture is refused in libpcap's words")
  func foreign() {
    #expect(!CaptureFile.isCapture(response))
    #expect(read(response).error != nil)
    #expect(read([]).error != nil)
  }
}
