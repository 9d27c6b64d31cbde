import STUNCodec
import Testing

// Pitfall 14.
@Suite struct NonceCookieTests {
  @Test("Every set of features written is read again")
  func roundTrip() {
    for bit in 0..<24 {
      let features = SecurityFeatures(rawValue: 1 << UInt32(bit))
      let nonce = NonceCookie.text(promising: features) + "and then the server's own"
      #expect(nonce.utf8.count > NonceCookie.byteCount)
      #expect(NonceCookie.features(of: nonce.utf8) == features)
    }
  }

  @Test("The first bit of the registry is the leftmost: password algorithms are gAAA")
  func order() {
    #expect(NonceCookie.text(promising: .passwordAlgorithms) == "obMatJos2gAAA")
    #expect(NonceCookie.text(promising: .usernameAnonymity) == "obMatJos2QAAA")
  }

  @Test("The RFC's own sample, which counts from the right, promises neither of the two")
  func sample() {
    #expect(
      NonceCookie.features(of: "obMatJos2AAACf//499k".utf8) == SecurityFeatures(rawValue: 2))
  }

  @Test(
    "A nonce without the whole cookie promises nothing",
    arguments: ["", "obMatJos", "obMatJos2", "obMatJos2AAA", "obmatjos2AAAA", "obMatJos2AA=A"])
  func absent(nonce: String) {
    #expect(NonceCookie.features(of: nonce.utf8) == nil)
  }
}
