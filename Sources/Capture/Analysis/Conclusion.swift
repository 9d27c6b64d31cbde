import STUNCodec
import TransportAddress

/// A sentence on what a capture shows, with the frames that show it.
public struct Conclusion: Hashable, Sendable {
  /// What it is about; the raw values are part of the JSON form.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// 401 or 441 to a request with an integrity attribute.
    case credentialsRefused
    /// 438 more than once.
    case staleNonceLoop
    /// A new nonce that the next request does not use.
    case nonceIgnored
    /// Data for a peer whose permission was refused.
    case noPermission
    /// An allocation that was used after its lifetime.
    case allocationExpired
    /// 487: both agents claim one role.
    case roleConflict
    /// 30 s without a response on a pair that is still asked.
    case consentLost
    /// A response from an address that was not asked.
    case asymmetricResponse
    /// A retransmission with other bytes.
    case changedRequest
    /// Another error response.
    case refused
    /// Requests that an ICMP error is about.
    case icmpError
    /// Requests without a response.
    case noResponse
    /// Responses whose request was not captured.
    case responseWithoutRequest
  }

  /// What it is about.
  public let kind: Kind
  /// The sentence.
  public let message: String
  /// The frames that show it, in their order.
  public let frames: [Int]

  static func conclusions(
    _ transactions: [TransactionSummary], _ runs: [TransactionTracker.Run],
    _ pairs: [PairSummary], _ allocations: [AllocationSummary]
  ) -> [Conclusion] {
    var list: [Conclusion] = []
    list += credentials(transactions)
    list += permissions(transactions, runs)
    list += expiries(transactions, runs, allocations)
    list += checks(transactions, pairs)
    list += refusals(transactions)
    list += silence(transactions)
    return list
  }

  private struct Flow: Hashable {
    let client: TransportAddress
    let server: TransportAddress

    init(_ client: TransportAddress, _ server: TransportAddress) {
      self.client = client
      self.server = server
    }
  }

  // MARK: - Authentication

  fileprivate struct Authentication {
    var refused: [Int] = []
    var stale: [Int] = []
    var nonce: (hash: Int, frame: Int, time: Int64)?
    var ignored: [Int] = []
    /// Checks have short-term credentials.
    var isCheck = false
  }

  private static func credentials(_ transactions: [TransactionSummary]) -> [Conclusion] {
    var flows: [Flow] = []
    var states: [Flow: Authentication] = [:]
    for transaction in transactions {
      let flow = Flow(transaction.client, transaction.server)
      if states[flow] == nil {
        flows.append(flow)
        states[flow] = Authentication()
      }
      states[flow]?.add(transaction)
    }
    return flows.flatMap { flow -> [Conclusion] in
      guard let state = states[flow] else { return [] }
      var list: [Conclusion] = []
      if !state.refused.isEmpty {
        let times = state.refused.count == 1 ? "once" : "\(state.refused.count) times"
        list.append(
          Conclusion(
            kind: .credentialsRefused,
            message: "\(flow.server) refuses the credentials of \(flow.client) \(times)"
              + (state.refused.count > 1 ? ", a 401 loop" : "")
              + (state.isCheck
                ? ": user name fragment or password is wrong (RFC 8489 §9.1.3)"
                : ": user name, realm or password is wrong (RFC 8489 §9.2.4)"),
            frames: state.refused))
      }
      if state.stale.count > 1 {
        list.append(
          Conclusion(
            kind: .staleNonceLoop,
            message: "\(flow.server) calls the nonce of \(flow.client) stale "
              + "\(state.stale.count) times, a 438 loop", frames: state.stale))
      }
      if !state.ignored.isEmpty {
        list.append(
          Conclusion(
            kind: .nonceIgnored,
            message: "\(flow.client) does not use the new nonce that \(flow.server) sent "
              + "(RFC 8489 §9.2.5)", frames: state.ignored))
      }
      return list
    }
  }

  // MARK: - Permissions and lifetimes

  /// Data sent to peers for whom a permission was refused and never granted.
  private static func permissions(
    _ transactions: [TransactionSummary], _ runs: [TransactionTracker.Run]
  ) -> [Conclusion] {
    var list: [Conclusion] = []
    var told: Set<Flow> = []
    for transaction in transactions
    where transaction.responseClass == .errorResponse
      && (transaction.method == .createPermission || transaction.method == .channelBind)
    {
      for peer in transaction.facts.peers {
        let flow = Flow(transaction.client, transaction.server)
        let isGranted = transactions.contains {
          $0.client == flow.client && $0.server == flow.server
            && $0.responseClass == .successResponse
            && ($0.method == .createPermission || $0.method == .channelBind)
            && $0.facts.peers.contains { $0.address == peer.address }
        }
        let sent = runs.filter {
          $0.client == flow.client && $0.relay == flow.server && $0.isOutgoing
            && $0.peer?.address == peer.address
            && $0.lastTime >= transaction.responseTime ?? .max
        }
        guard !isGranted, let first = sent.first, told.insert(Flow(flow.client, peer)).inserted
        else { continue }
        let count = sent.reduce(0) { $0 + $1.count }
        list.append(
          Conclusion(
            kind: .noPermission,
            message: "\(flow.client) sends to \(peer) \(count == 1 ? "once" : "\(count) times") "
              + "without a permission, after \(transaction.errorCode.map { "\($0)" } ?? "an error"): "
              + "the relay drops that silently (RFC 8656 §11.2)",
            frames: [transaction.responseFrame ?? 0, first.firstFrame]))
      }
    }
    return list
  }

  /// Allocations that were used after their lifetime.
  private static func expiries(
    _ transactions: [TransactionSummary], _ runs: [TransactionTracker.Run],
    _ allocations: [AllocationSummary]
  ) -> [Conclusion] {
    allocations.compactMap { allocation in
      guard allocation.end == .open, let lifetime = allocation.lifetime,
        let since = allocation.refreshedTime, let frame = allocation.refreshedFrame
      else { return nil }
      let expiry = since &+ Int64(lifetime) * 1_000_000_000
      let requests = transactions.filter {
        $0.client == allocation.client && $0.server == allocation.server && $0.isTURN
          && $0.method != .allocate && ($0.requestTimes.last ?? .min) > expiry
      }.compactMap(\.requestFrames.last)
      let data = runs.filter {
        $0.client == allocation.client && $0.relay == allocation.server && $0.isOutgoing
          && $0.lastTime > expiry
      }.map { $0.firstTime > expiry ? $0.firstFrame : $0.lastFrame }
      let late = (requests + data).sorted()
      guard let first = late.first else { return nil }
      return Conclusion(
        kind: .allocationExpired,
        message: "\(allocation.client) uses its allocation at \(allocation.server) after its "
          + "\(lifetime) s: it was not refreshed in time (RFC 8656 §8)", frames: [frame, first])
    }
  }

  // MARK: - Checks

  private static func checks(
    _ transactions: [TransactionSummary], _ pairs: [PairSummary]
  ) -> [Conclusion] {
    var list: [Conclusion] = []
    let conflicts = transactions.filter { $0.errorCode == .roleConflict }
    if let first = conflicts.first {
      let role = first.facts.isControlling.map { $0 ? "controlling" : "controlled" }
      list.append(
        Conclusion(
          kind: .roleConflict,
          message: "role conflict: \(first.client) and \(first.server) both say that they are "
            + "\(role ?? "in one role"); \(first.client) has to switch (RFC 8445 §7.2.5.1)",
          frames: conflicts.compactMap(\.responseFrame)))
    }
    for pair in pairs {
      // RFC 7675 §5.1: consent expires 30 s after the last valid response.
      guard let success = pair.lastSuccess, let request = pair.lastRequest,
        request.time &- success.time >= 30_000_000_000, pair.methods.contains("Binding"),
        pair.isCheck
      else { continue }
      list.append(
        Conclusion(
          kind: .consentLost,
          message: "consent lost: the last response from \(pair.server) to \(pair.client) is more "
            + "than 30 s older than the last request (RFC 7675 §5.1)",
          frames: [success.frame, request.frame]))
    }
    for transaction in transactions where transaction.isAsymmetric {
      guard let source = transaction.responseSource else { continue }
      list.append(
        Conclusion(
          kind: .asymmetricResponse,
          message: "\(transaction.client) asked \(transaction.server), and \(source) answered"
            + (transaction.facts.isCheck
              ? ": the check fails (RFC 8445 §7.2.5.2.1)" : ", which was not asked"),
          frames: [transaction.firstFrame, transaction.responseFrame ?? 0]))
    }
    for transaction in transactions where transaction.hasChanged {
      list.append(
        Conclusion(
          kind: .changedRequest,
          message: "\(transaction.client) sent a \(transaction.methodName) request again with "
            + "other bytes; that needs a new transaction ID (RFC 8489 §5)",
          frames: transaction.requestFrames))
    }
    return list
  }

  // MARK: - Errors and silence

  private static func refusals(_ transactions: [TransactionSummary]) -> [Conclusion] {
    struct Key: Hashable {
      let flow: Flow
      let method: String
      let code: ErrorCode?
    }
    var order: [Key] = []
    var frames: [Key: [Int]] = [:]
    for transaction in transactions
    where transaction.responseClass == .errorResponse && !transaction.isOrdinaryRefusal {
      let code = transaction.errorCode
      guard code != .unauthenticated || transaction.isWithoutRequest else { continue }
      let key = Key(
        flow: Flow(transaction.client, transaction.server), method: transaction.methodName,
        code: code)
      if frames[key] == nil { order.append(key) }
      frames[key, default: []].append(transaction.responseFrame ?? 0)
    }
    return order.map { key in
      Conclusion(
        kind: .refused,
        message: "\(key.flow.server) answers \(key.method) of \(key.flow.client) with "
          + (key.code.map { "\($0)" } ?? "an error that has no code"),
        frames: frames[key] ?? [])
    }
  }

  private static func silence(_ transactions: [TransactionSummary]) -> [Conclusion] {
    var order: [Flow] = []
    var silent: [Flow: [Int]] = [:]
    var reported: [Flow: (meanings: [String], frames: [Int])] = [:]
    for transaction in transactions {
      let flow = Flow(transaction.client, transaction.server)
      for error in transaction.icmpErrors {
        var report = reported[flow] ?? ([], [])
        let text = "\(error.meaning), says \(error.reporter)"
        if !report.meanings.contains(text) { report.meanings.append(text) }
        report.frames.append(error.frame)
        reported[flow] = report
      }
      guard !transaction.isAnswered, !transaction.endsWithCapture else { continue }
      if silent[flow] == nil { order.append(flow) }
      silent[flow, default: []].append(transaction.firstFrame)
    }
    var list = order.compactMap { flow -> Conclusion? in
      guard let frames = silent[flow] else { return nil }
      let count = frames.count == 1 ? "1 transaction" : "\(frames.count) transactions"
      if let report = reported[flow] {
        return Conclusion(
          kind: .icmpError,
          message: "\(count) of \(flow.client) did not reach \(flow.server): "
            + report.meanings.joined(separator: "; "), frames: report.frames)
      }
      return Conclusion(
        kind: .noResponse, message: "\(flow.server) does not answer \(count) of \(flow.client)",
        frames: frames)
    }
    let orphans = transactions.filter(\.isWithoutRequest).compactMap(\.responseFrame)
    if !orphans.isEmpty {
      list.append(
        Conclusion(
          kind: .responseWithoutRequest,
          message: orphans.count == 1
            ? "1 response has no request in the capture"
            : "\(orphans.count) responses have no request in the capture", frames: orphans))
    }
    return list
  }
}

extension Conclusion.Authentication {
  fileprivate mutating func add(_ transaction: TransactionSummary) {
    isCheck = isCheck || transaction.facts.isCheck
    if transaction.facts.hasIntegrity, let nonce, let sent = transaction.facts.requestNonce,
      let time = transaction.requestTimes.first, time > nonce.time, sent != nonce.hash
    {
      ignored += [nonce.frame, transaction.firstFrame]
    }
    guard let frame = transaction.responseFrame else { return }
    switch transaction.errorCode {
    case ErrorCode.unauthenticated where transaction.facts.hasIntegrity,
      ErrorCode.wrongCredentials:
      refused.append(frame)
    case ErrorCode.staleNonce: stale.append(frame)
    default: break
    }
    if let hash = transaction.facts.responseNonce {
      nonce = (hash, frame, transaction.responseTime ?? 0)
    }
  }
}
