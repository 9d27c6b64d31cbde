import Glibc
import IPPacket
import NATTable
import SansIO
import TestSupport
import Testing
import TransportAddress

@Suite struct NAT64MemoryTests {
  @Test(
    "Bytes through a NAT64 and a prefix translation, and errors about them, allocate nothing",
    .enabled(
      if: MemoryTests.isOptimised, "measured in optimised builds: swift test -c release"))
  func bytes() async {
    await #expect(processExitsWith: .success) {
      let packets = NAT64ByteTests.packets.map { $0.bytes(payload: [1, 2, 3, 4]) }
      var reference = NAT64(external: ["203.0.113.7"])
      let sent = NAT64ByteTests.packets.compactMap { reference.outbound($0, at: .zero).packet }
      let answers = sent.map { $0.reply.bytes(payload: [1, 2, 3, 4]) }
      let errors = sent.map { Packet.error(.timeExceeded, from: "192.0.2.254", about: $0).bytes() }
      guard
        let prefixes = PrefixTranslation(
          inside: "2001:db8:1::", outside: "2001:db8:2::", length: 48)
      else { _exit(1) }
      let long = Packet(from: host, to: server).bytes(payload: Array(repeating: 0, count: 1000))

      let gateway: IPAddress = "10.0.0.1"

      var nat = NAT64(external: ["203.0.113.7"])
      var input = [UInt8](repeating: 0, count: 200)
      var short = [UInt8](repeating: 0, count: 30)
      var buffer = [UInt8](repeating: 0, count: 2000)
      withoutMemory {
        var index = 0
        while index < packets.count {
          var place = 0
          while place < packets[index].count {
            input[place] = packets[index][place]
            place += 1
          }
          var span = input.mutableSpan
          var output = buffer.mutableSpan
          guard prefixes.outbound(&span) == .forward else { _exit(2) }
          place = 0
          while place < packets[index].count {
            span[place] = packets[index][place]
            place += 1
          }
          guard case .forward = nat.outbound(&span, into: &output, at: .zero) else { _exit(3) }
          let answer = answers[index]
          guard case .forward = nat.inbound(answer.span, into: &output, at: .zero) else { _exit(4) }
          let error = errors[index]
          guard case .forward = nat.inbound(error.span, into: &output, at: .zero) else { _exit(4) }
          var little = short.mutableSpan
          guard case .drop(let reason) = nat.inbound(answer.span, into: &little, at: .zero),
            NAT64.answer(to: reason, fromInside: false) == nil
          else { _exit(5) }
          index += 1
        }
        var output = buffer.mutableSpan
        guard case .fragment(var cutting) = LinkFit(long.span, mtu: 576),
          cutting.next(of: long.span, into: &output) != nil,
          ICMPErrorMessage.tooBig(mtu: 576, isV6: false)
            .write(about: long.span, from: gateway, into: &output) != nil
        else { _exit(6) }
      }
      _exit(0)
    }
  }
}
