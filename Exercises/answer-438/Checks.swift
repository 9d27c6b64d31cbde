import Testing

@testable import Answer

@Suite struct Answer438Checks {
  @Test("A request without credentials is tried again with the nonce that came")
  func first() {
    #expect(
      nonceForRetry(after: 401, fresh: "obMat1", sent: nil) == "obMat1",
      "The first request had no nonce; the relay has sent one with its 401")
  }

  @Test("A stale nonce is replaced by the fresh one")
  func stale() {
    #expect(
      nonceForRetry(after: 438, fresh: "obMat2", sent: "obMat1") == "obMat2",
      "The request had credentials, and its nonce was too old")
  }

  @Test("Wrong credentials are not tried again")
  func wrong() {
    #expect(
      nonceForRetry(after: 401, fresh: "obMat2", sent: "obMat1") == nil,
      "The request had name and MESSAGE-INTEGRITY, and still the relay does not know her")
  }

  @Test("A stale nonce that is sent again is not taken")
  func loop() {
    #expect(
      nonceForRetry(after: 438, fresh: "obMat1", sent: "obMat1") == nil,
      "The relay calls a nonce stale, and sends the same one as a fresh one")
  }

  @Test("Other errors are none of the nonce's business")
  func others() {
    #expect(
      nonceForRetry(after: 403, fresh: "obMat2", sent: "obMat1") == nil,
      "403: the relay refuses this peer")
    #expect(
      nonceForRetry(after: 437, fresh: "obMat2", sent: "obMat1") == nil,
      "437: there is no such allocation")
  }
}
