import Capture
import Glibc
import STUNCodec

/// Writes a capture as a call makes it: connectivity checks among media, over Ethernet and IPv4.
///
///     CaptureGenerator FILE MESSAGES BYTES
///
/// Half of the messages are requests, half are their answers. Media fill the file up to its size.
@main enum Main {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let messages = Int(arguments[2]), let size = Int(arguments[3]),
      let file = fopen(arguments[1], "w")
    else {
      print("usage: CaptureGenerator FILE MESSAGES BYTES")
      exit(64)
    }
    var writer = CaptureWriter()
    var written = 0
    func write(_ bytes: [UInt8]) { written += fwrite(bytes, 1, bytes.count, file) }
    write(writer.header(CapturedInterface(linkType: .ethernet)))
    var number = 0
    func writeFrame(_ packet: [UInt8]) {
      number += 1
      write(
        writer.frame(
          CapturedFrame(
            // A frame every 300 microseconds, from a day in 2023 on
            number: number, time: 1_700_000_000_000_000_000 + Int64(number) * 300_000,
            linkType: .ethernet, bytes: packet, originalByteCount: packet.count)))
    }
    let media = [0x80, 0x60] + [UInt8](repeating: 0x55, count: 958)
    let key = MessageIntegrityKey(shortTermPassword: "benchmark")
    for pair in 0..<messages / 2 {
      // 16 callers, so that transactions and flows overlap
      let caller = UInt8(pair % 16 + 1)
      let id = TransactionID(high: UInt32(truncatingIfNeeded: pair), low: 0x5EED)
      writeFrame(packet(try request(id, key), caller: caller, isAnswer: false))
      writeFrame(packet(try answer(id, key, caller), caller: caller, isAnswer: true))
      while written < size / (messages / 2) * (pair + 1) {
        writeFrame(packet(media, caller: caller, isAnswer: false))
      }
    }
    fclose(file)
    print("\(number) frames, \(messages / 2 * 2) messages, \(written) bytes")
  }

  static func request(_ id: TransactionID, _ key: MessageIntegrityKey) throws -> [UInt8] {
    Array(
      try STUNMessage.encode(.bindingRequest, transactionID: id) { message in
        try message.append(username: "9f3a:77c1")
        try message.append(priority: 1_845_501_695)
        try message.append(iceControlling: 0x1234_5678_9ABC_DEF0)
        try message.appendMessageIntegrity(key)
        try message.appendFingerprint()
      })
  }

  static func answer(
    _ id: TransactionID, _ key: MessageIntegrityKey, _ caller: UInt8
  ) throws -> [UInt8] {
    Array(
      try STUNMessage.encode(MessageType(.successResponse, .binding), transactionID: id) {
        message in
        try message.append(.xorMappedAddress, bytes: [0, 1, 0x8E, 0x12, 0xE1, 0x12, 0xA6, caller])
        try message.append(software: "pathfinder")
        try message.appendMessageIntegrity(key)
        try message.appendFingerprint()
      })
  }

  /// An Ethernet frame between 192.0.2.x and 198.51.100.1 (RFC 5737).
  static func packet(_ payload: [UInt8], caller: UInt8, isAnswer: Bool) -> [UInt8] {
    func half(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    let near: [UInt8] = [192, 0, 2, caller]
    let far: [UInt8] = [198, 51, 100, 1]
    let (nearPort, farPort) = (40000 + Int(caller), 50000)
    let addresses = isAnswer ? far + near : near + far
    let ports = isAnswer ? half(farPort) + half(nearPort) : half(nearPort) + half(farPort)
    return [UInt8](repeating: 2, count: 12) + [8, 0]
      + [0x45, 0] + half(28 + payload.count) + [0, 0, 0x40, 0, 64, 17, 0, 0] + addresses
      + ports + half(8 + payload.count) + [0, 0] + payload
  }
}
