import Capture
public import ProgramSupport
import STUNCodec
import TransportAddress

/// All that has been decoded: messages, and the transactions they make.
public struct Decoding: Sendable, Encodable {
  public struct Transaction: Sendable, Encodable {
    public var transactionID: String
    public var method: String
    public var client: String
    public var server: String
    public var requestFrames: [Int]
    /// When each was sent, in seconds since the capture's first message.
    public var requestSeconds: [Double]
    public var responseFrame: Int?
    public var responseSeconds: Double?
    public var outcome: String
    public var retransmissions: Int
    /// nil when the request was sent again: nobody knows which one was answered.
    public var roundTripSeconds: Double?
    public var hasChanged: Bool
  }

  public var messages: [DecodedMessage] = []
  public var transactions: [Transaction] = []
  public var frames: Int?
  public var unreadFrames: Int?

  /// Decodes a capture or a message, and tries the keys on whatever is sealed.
  ///
  /// - Throws: `WorkbookError.badData` for a capture that cannot be read. A message that is wrong is
  ///   no error: it is shown with what is wrong.
  public init(_ input: DecodingInput, keys: KeyRing) throws(WorkbookError) {
    var keys = keys
    switch input {
    case .message(let bytes):
      messages = [DecodedMessage(bytes, &keys)]
    case .capture(let bytes, let name):
      var finder = MessageFinder()
      var captured: [CapturedMessage] = []
      do throws(CaptureError) {
        try CaptureFile.read(bytes) { captured += finder.messages(in: $0) }
      } catch {
        // A torn end, as of a capture that was killed, does not spoil what came before it.
        guard !captured.isEmpty else { throw DecodingInput.problem(error.description, in: name) }
        tornEnd = error.description
      }
      let start = captured.first?.time ?? 0
      messages = captured.map { DecodedMessage($0, since: start, &keys) }
      transactions = TransactionSummary.transactions(in: captured).map {
        Transaction($0, since: start)
      }
      frames = finder.frameCount
      unreadFrames = finder.unreadFrameCount
    }
  }

  /// What is wrong with the capture's end, where the rest could be read.
  public var tornEnd: String?

  /// Whether anything is not as it should be.
  public var hasProblems: Bool {
    tornEnd != nil || messages.contains { $0.hasProblems }
  }
}

extension DecodedMessage {
  /// Whether anything in it, or in what it carries, is not as it should be.
  public var hasProblems: Bool { !problems.isEmpty || nested.contains { $0.hasProblems } }
}

extension Decoding.Transaction {
  init(_ summary: TransactionSummary, since start: Int64) {
    let outcome =
      switch summary.responseClass {
      case .successResponse: "success"
      case .errorResponse: summary.errorCode.map { "\($0)" } ?? "error"
      default: "no answer"
      }
    self.init(
      transactionID: summary.id.description, method: summary.method.description,
      client: summary.client.description, server: summary.server.description,
      requestFrames: summary.requestFrames,
      requestSeconds: summary.requestTimes.map { Double($0 &- start) / 1e9 },
      responseFrame: summary.responseFrame,
      responseSeconds: summary.responseTime.map { Double($0 &- start) / 1e9 }, outcome: outcome,
      retransmissions: summary.retransmissionCount,
      roundTripSeconds: summary.roundTripTime.map { Double($0) / 1e9 },
      hasChanged: summary.hasChanged)
  }
}
