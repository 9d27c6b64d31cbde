import STUN
import STUNCodec
import SansIO
import Testing

@Suite struct ClientTransactionTests {
  // Pitfalls 11 and 12.
  @Test("Unanswered, the same bytes go out seven times and then it times out")
  func unanswered() throws {
    let request = try bindingRequest()
    var transaction = try ClientTransaction(request)
    var sends: [Instant] = []
    var now = Instant.zero
    var action = transaction.started(at: now)
    while action == .send {
      sends.append(now)
      #expect(transaction.request == request)
      now = try #require(transaction.nextDeadline)
      action = transaction.timerFired(at: now)
    }
    #expect(sends == [0, 500, 1500, 3500, 7500, 15500, 31500].map { Instant.milliseconds($0) })
    #expect(action == .timeOut)
    #expect(now == .milliseconds(39_500))
    #expect(transaction.nextDeadline == nil)
    #expect(transaction.timerFired(at: .seconds(100)) == .wait)
  }

  @Test("Over a stream it is sent once and waited for as long as over datagrams")
  func stream() throws {
    var transaction = try ClientTransaction(bindingRequest(), over: .stream())
    #expect(transaction.started(at: .zero) == .send)
    #expect(transaction.nextDeadline == .milliseconds(39_500))
    #expect(transaction.timerFired(at: .milliseconds(39_499)) == .wait)
    #expect(transaction.timerFired(at: .milliseconds(39_500)) == .timeOut)
  }

  @Test("A timer that fires early changes nothing")
  func early() throws {
    var transaction = try ClientTransaction(bindingRequest())
    _ = transaction.started(at: .zero)
    #expect(transaction.timerFired(at: .milliseconds(499)) == .wait)
    #expect(transaction.sendCount == 1)
  }

  @Test("A timer that fires late does not make all the missed sends go out at once")
  func late() throws {
    var transaction = try ClientTransaction(bindingRequest())
    _ = transaction.started(at: .zero)
    #expect(transaction.timerFired(at: .seconds(60)) == .send)
    #expect(transaction.timerFired(at: .seconds(60)) == .wait)
    #expect(try #require(transaction.nextDeadline) > .seconds(60))
  }

  func isCompleted(_ transaction: ClientTransaction, by message: STUNMessage) -> Bool {
    transaction.isCompleted(by: message.view)
  }

  @Test("Only a response of the same method and ID completes it")
  func matching() throws {
    let request = try bindingRequest()
    var transaction = try ClientTransaction(request)
    let success = try STUNMessage(response(to: request))
    #expect(!isCompleted(transaction, by: success))
    _ = transaction.started(at: .zero)
    let id = transaction.id
    let others: [(MessageType, TransactionID)] = [
      (.bindingRequest, id), (.bindingIndication, id),
      (MessageType(.successResponse, .allocate), id),
      (.bindingSuccessResponse, TransactionID(high: 1, low: 3)),
    ]
    for (type, id) in others {
      let other = try STUNMessage(STUNMessage.encode(type, transactionID: id))
      #expect(!isCompleted(transaction, by: other))
    }
    let error = try STUNMessage(response(to: request, .errorResponse))
    #expect(isCompleted(transaction, by: success))
    #expect(isCompleted(transaction, by: error))
  }

  @Test("Once the request was sent again, its round-trip time means nothing (Karn)")
  func karn() throws {
    var once = try ClientTransaction(bindingRequest())
    _ = once.started(at: .zero)
    #expect(once.completed(at: .milliseconds(80)) == .milliseconds(80))
    var twice = try ClientTransaction(bindingRequest())
    _ = twice.started(at: .zero)
    _ = twice.timerFired(at: .milliseconds(500))
    #expect(twice.completed(at: .milliseconds(580)) == nil)
    #expect(twice.nextDeadline == nil)
  }
}
