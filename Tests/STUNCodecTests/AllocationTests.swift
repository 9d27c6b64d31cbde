import Glibc
import STUNCodec
import TestSupport
import Testing
import TransportAddress

@Suite struct AllocationTests {
  @Test("Without memory not even one byte can be allocated")
  func control() async {
    await #expect(processExitsWith: .success) {
      var rounds = 0
      withoutMemory {
        rounds += 1
        if rounds == 2 { _exit(malloc(1) == nil ? 0 : 1) }
      }
      _exit(2)
    }
  }

  @Test("Frames of a stream are found without an allocation once the first read is over")
  func frames() async {
    await #expect(processExitsWith: .success) {
      let message = RFC5769.sampleIPv4Response
      let cut = message.count / 2
      let pieces = [message + Array(message[..<cut]), Array(message[cut...])]
      var reassembler = StreamReassembler()
      var count = 0
      func take(_ rounds: Int) {
        // No `for`: its iterator costs an allocation where nothing is optimized.
        var index = 0
        while index < rounds * pieces.count {
          let piece = pieces[index % pieces.count]
          reassembler.received(piece.span.bytes)
          index += 1
          while let range = try? reassembler.nextRange() {
            if range.count != message.count { _exit(1) }
            count += 1
          }
        }
      }
      // Twice: the first time, with memory, its own buffer grows.
      withoutMemory { take(10) }
      _exit(count == 40 ? 0 : 2)
    }
  }

  @Test("Decoding, reading the address and verifying allocate nothing")
  func decode() async {
    await #expect(processExitsWith: .success) {
      let message = RFC5769.sampleIPv4Response
      let key = MessageIntegrityKey(shortTermPassword: RFC5769.password)
      let expected: TransportAddress = "192.0.2.1:32853"
      withoutMemory {
        guard let view = try? STUNMessageView(message.span.bytes) else { _exit(1) }
        guard (try? view.xorMappedAddress) == expected else { _exit(2) }
        guard view.verifyMessageIntegrity(with: key) == .verified else { _exit(3) }
        guard view.verifyFingerprint() == .verified else { _exit(4) }
        var cursor = view.attributes
        var count = 0
        while cursor.next() != nil { count += 1 }
        guard count == 4 else { _exit(5) }
      }
      _exit(0)
    }
  }

  @Test("Refusing a message allocates nothing")
  func refuse() async {
    await #expect(processExitsWith: .success) {
      // The testing library watches every throw and allocates to remember it; here it must not.
      for watcher in ["_swift_willThrow", "_swift_willThrowTypedImpl"] {
        dlsym(nil, watcher)?.storeBytes(of: 0, as: Int.self)
      }
      let message = Array(RFC5769.sampleIPv4Response.dropLast(4))
      withoutMemory {
        do throws(STUNDecodingError) {
          _ = try STUNMessageView(message.span.bytes)
          _exit(1)
        } catch {
          if error.code != .messageTruncated { _exit(2) }
        }
      }
      _exit(0)
    }
  }

  @Test("Building with SOFTWARE, an address and all integrity attributes allocates nothing")
  func build() async {
    await #expect(processExitsWith: .success) {
      let key = MessageIntegrityKey(shortTermPassword: RFC5769.password)
      let address: TransportAddress = "192.0.2.1:32853"
      let software = "a name with more bytes than a small string has"
      var buffer = [UInt8](repeating: 0, count: 256)
      withoutMemory {
        var span = buffer.mutableSpan
        do throws(STUNEncodingError) {
          var message = try STUNMessageBuilder(
            .bindingSuccessResponse, transactionID: RFC5769.transactionID, into: span.mutableBytes)
          try message.append(software: software)
          try message.append(xorMappedAddress: address)
          try message.appendMessageIntegrity(key)
          try message.appendMessageIntegritySHA256(key)
          try message.appendFingerprint()
        } catch {
          _exit(1)
        }
      }
      _exit(0)
    }
  }

  @Test("Reading TURN's attributes, ChannelData and a stream's frames allocates nothing")
  func turn() async {
    await #expect(processExitsWith: .success) {
      let request = try STUNMessage.encode(
        MessageType(.request, .allocate), transactionID: RFC5769.transactionID
      ) { message in
        try message.append(lifetime: 600)
        try message.append(xorPeerAddress: "[2001:db8::1]:65535")
        try message.append(channelNumber: ChannelNumber(rawValue: 0x4001))
        try message.append(changeRequest: .port)
        try message.append(passwordAlgorithms: [.sha256, .md5])
      }
      let channelData = try ChannelData.encode(
        [1, 2, 3], channel: ChannelNumber(rawValue: 0x4001), isPadded: true)
      var buffer = [UInt8](repeating: 0, count: 64)
      withoutMemory {
        guard let view = try? STUNMessageView(request.span.bytes) else { _exit(1) }
        guard (try? view.lifetime) == 600 else { _exit(2) }
        guard view.has(.lifetime), !view.has(.data) else { _exit(12) }
        guard (try? view.xorPeerAddress) != nil else { _exit(3) }
        guard (try? view.channelNumber)?.isValid == true else { _exit(4) }
        guard (try? view.changeRequest) == .port else { _exit(5) }
        guard var list = try? view.passwordAlgorithms, list.next() == .sha256 else { _exit(6) }
        guard PacketKind(channelData.span.bytes) == .channelData else { _exit(7) }
        guard let data = try? ChannelDataView(channelData.span.bytes), data.data.byteCount == 3
        else { _exit(8) }
        guard (try? StreamFrame(beginning: channelData.span.bytes))?.streamByteCount == 8
        else { _exit(9) }
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        guard
          (try? ChannelData.write(
            data.data, channel: data.channel, isPadded: true, into: &bytes)) == 8
        else { _exit(11) }
        guard
          (try? ChannelData.writeHeader(
            channel: data.channel, dataByteCount: 60, into: &bytes)) == 64
        else { _exit(13) }
      }
      _exit(0)
    }
  }
}
