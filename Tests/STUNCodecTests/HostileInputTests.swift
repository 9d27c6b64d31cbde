import FuzzTargets
import STUNCodec
import SansIO
import Testing

/// Reads everything that can be read of a message; whatever throws, nothing may crash.
private func readAll(_ message: STUNMessage) {
  FuzzTarget.decode.run(message.bytes)
}

@Suite struct HostileInputTests {
  let shortTermKey = MessageIntegrityKey(shortTermPassword: RFC5769.password)

  @Test("Every vector cut anywhere is refused, with a place and a section", arguments: Vector.all)
  func truncation(vector: Vector) {
    for count in 0..<vector.bytes.count {
      let error = decodingError(Array(vector.bytes.prefix(count)))
      #expect(error?.code == (count < 20 ? .headerTruncated : .messageTruncated))
      #expect(error?.byteOffset == (count < 20 ? count : 2))
      #expect(error?.section == "RFC 8489 §5")
    }
  }

  @Test(
    "Every vector cut anywhere, its length put right, is read or refused in its last attribute",
    arguments: Vector.all)
  func consistentTruncation(vector: Vector) throws {
    for count in stride(from: 20, to: vector.bytes.count, by: 4) {
      var bytes = Array(vector.bytes.prefix(count))
      bytes[2] = UInt8((count - 20) >> 8)
      bytes[3] = UInt8((count - 20) & 0xFF)
      if let error = decodingError(bytes) {
        #expect(error.code == .attributeTruncated)
        #expect(error.byteOffset < count)
      } else {
        readAll(try STUNMessage(bytes))
      }
    }
  }

  @Test(
    "Any bit flipped in a protected vector is refused, or fails integrity and fingerprint",
    arguments: Vector.all.prefix(3))
  func bitFlips(vector: Vector) throws {
    let original = try STUNMessage(vector.bytes)
    #expect(original.verifyFingerprint() == .verified)
    let fingerprint = vector.bytes.count - 8
    for bit in 0..<vector.bytes.count * 8 {
      var bytes = vector.bytes
      bytes[bit / 8] ^= 0x80 >> (bit % 8)
      guard let message = try? STUNMessage(bytes) else { continue }
      readAll(message)
      #expect(message.verifyFingerprint() != .verified, "bit \(bit)")
      // FINGERPRINT stands behind MESSAGE-INTEGRITY, which cannot vouch for it.
      let integrity = message.verifyMessageIntegrity(with: shortTermKey)
      #expect((integrity == .verified) == (bit / 8 >= fingerprint), "bit \(bit)")
    }
  }

  @Test(
    "Any bit flipped in a long-term vector is refused, or fails integrity",
    arguments: [
      (RFC5769.sampleLongTermRequest, PasswordAlgorithm.md5), (RFC8489.corrected, .sha256),
      (RFC8489.circulating, .md5),
    ])
  func longTermBitFlips(bytes: [UInt8], algorithm: PasswordAlgorithm) throws {
    let key = try #require(
      MessageIntegrityKey(
        username: RFC5769.longTermUsername, realm: "example.org",
        password: RFC5769.longTermPassword, algorithm: algorithm))
    func isVerified(_ message: STUNMessage) -> Bool {
      message.verifyMessageIntegrity(with: key) == .verified
        || message.verifyMessageIntegritySHA256(with: key) == .verified
    }
    #expect(isVerified(try STUNMessage(bytes)))
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      guard let message = try? STUNMessage(changed) else { continue }
      readAll(message)
      #expect(!isVerified(message), "bit \(bit)")
    }
  }

  @Test("Every byte of every vector set to every value is read or refused", arguments: Vector.all)
  func byteValues(vector: Vector) {
    for index in vector.bytes.indices {
      for value in UInt8.min ... .max {
        var bytes = vector.bytes
        bytes[index] = value
        if let message = try? STUNMessage(bytes) { readAll(message) }
      }
    }
  }

  @Test("Random attributes behind a right header are read or refused")
  func noise() {
    var generator = SeededGenerator(seed: 5769)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...16, using: &generator) * 4
      var bytes = hex("00 01 00 00 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86 fa 87 df ae")
      bytes[3] = UInt8(count)
      for _ in 0..<count / 4 {
        // Types and lengths from where they mean something, so that values are reached too.
        bytes += [
          [0x00, 0x80].randomElement(using: &generator) ?? 0,
          UInt8.random(in: 0...0x2C, using: &generator), 0,
          UInt8.random(in: 0...24, using: &generator),
        ]
      }
      if let message = try? STUNMessage(bytes) { readAll(message) }
      _ = STUNAnnotation.fields(of: bytes)
    }
  }
}
