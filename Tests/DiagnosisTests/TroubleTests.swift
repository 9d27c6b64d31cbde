import Diagnosis
import STUNCodec
import Testing
import TransportAddress

/// What is said to be the matter.
@Suite struct TroubleTests {
  static let now: Int64 = 1_700_000_000

  private func unauthenticated(_ name: String, realm: String? = "example.org") -> [String] {
    Trouble.unauthenticated(
      ProbeCredentials(username: name, password: "x"), realm: realm, now: Self.now
    ).causes
  }

  @Test("401 of an ordinary user names user and realm")
  func user() {
    let causes = unauthenticated("alice")
    #expect(causes[0].contains("alice") && causes[0].contains("\"example.org\""))
  }

  @Test("401 of a name with a time says whether that is over, by how much")
  func timed() {
    #expect(unauthenticated("1699999990:alice")[0].contains("10 s ago"))
    #expect(unauthenticated("1700000100:alice")[0].contains("another secret"))
    #expect(unauthenticated("1700000100:alice")[1].contains("100 s ahead"))
    // At the very second they are over.
    #expect(unauthenticated("1700000000")[0].contains("0 s ago"))
  }

  @Test("A telephone number is no time", arguments: ["15551234567", "5551234567x:alice", "alice"])
  func noTime(name: String) {
    #expect(unauthenticated(name)[0].contains("has another password"))
  }

  @Test("401 without credentials says that they are missing")
  func anonymous() {
    let causes = Trouble.unauthenticated(.anonymous, realm: nil, now: Self.now).causes
    #expect(causes == ["the server wants credentials and none were given: say them with --user"])
  }

  @Test(
    "Each error code of Allocate has its cause",
    arguments: [
      (.forbidden, "operator"), (.allocationMismatch, "still has allocations"),
      (.addressFamilyNotSupported, "no addresses of IPv4"), (.wrongCredentials, "another user"),
      (.unsupportedTransportProtocol, "does not relay UDP"),
      (.allocationQuotaReached, "as many allocations"),
      (.insufficientCapacity, "no relayed port left"), (.tryAlternate, "others"),
      (.serverError, "server's side"), (ErrorCode(rawValue: 499), "log"),
    ] as [(ErrorCode, String)])
  func codes(code: ErrorCode, part: String) {
    #expect(Trouble.allocateRefused(code).causes[0].contains(part))
  }

  @Test("A refused peer inside a network is expected, one on the Internet is the operator's doing")
  func peers() {
    #expect(Trouble.peerRefused("10.0.0.1", .forbidden).causes[0].contains("as it should"))
    #expect(Trouble.peerRefused("192.0.2.1", .forbidden).causes[0].contains("operator"))
    #expect(Trouble.peerRefused("192.0.2.1", nil).causes[0].contains("stopped answering"))
  }

  @Test("Silence of an address inside a network is put down to that first")
  func silence() {
    #expect(Trouble.silence(server: "10.0.0.1:3478").causes[0].contains("inside a network"))
    #expect(Trouble.silence(server: "192.0.2.1:3478").causes[0].contains("port 3478"))
    #expect(!Trouble.silence(server: "127.0.0.1:3478").causes[0].contains("inside a network"))
  }

  @Test("Every trouble has a cause, and none is longer than two lines")
  func lengths() {
    let troubles: [Trouble] = [
      .unknownHost("x"), .noRoute("x"), .icmp(isPortClosed: true, port: 1),
      .icmp(isPortClosed: false, port: 1), .allocateSilence, .notAuthentic, .malformed, .noLoop,
      .relayedAddressInside("10.0.0.1", server: "192.0.2.1"), .nothingToOutside,
      .nothingFromOutside(relayed: "192.0.2.1:50000"), .alternateSilence("192.0.2.2:3478"),
      .foreignDatagram(port: 3478),
    ]
    for trouble in troubles {
      #expect(!trouble.causes.isEmpty && trouble.causes.allSatisfy { $0.count < 200 })
    }
  }
}
