/// A link between a node and the router above it: how long packets take, and what befalls them.
///
/// Both directions have the same properties, and each its own state. A packet goes through it in this
/// order:
///
///     MTU ─▶ loss ─▶ queue and rate ─▶ latency and jitter ─▶ reordering, duplication ─▶ arrival
public struct Link: Hashable, Sendable {
  /// How long a packet travels, without the time that ``rate`` costs.
  public var latency: Duration
  /// The most that a packet can take longer than ``latency``; uniformly distributed from zero.
  ///
  /// A packet does not overtake another by it: that is what ``reordering`` is for.
  public var jitter: Duration = .zero
  /// How packets are lost.
  public var loss: Loss = .none
  /// The probability that a packet arrives twice.
  public var duplication: Double = 0
  /// The probability that a packet is held back, so that those after it overtake it.
  public var reordering: Double = 0
  /// How long a packet is held back; as the copy of a duplicated packet is after the first.
  public var reorderingDelay: Duration = .milliseconds(10)
  /// Bits per second; nil for a link that is never busy.
  public var rate: Int?
  /// How many bytes wait for a busy link; a packet that finds more is dropped.
  public var queueLimit = 65_536
  /// The largest packet in bytes.
  public var mtu = 1500

  /// A link without faults.
  ///
  /// - Parameters:
  ///   - latency: how long each packet takes.
  ///   - mtu: the size in bytes of the largest packet that it takes.
  public init(latency: Duration, mtu: Int = 1500) {
    self.latency = latency
    self.mtu = mtu
  }

  /// A cable at home or a server's: half a millisecond.
  public static let cable = Link(latency: .microseconds(500))
  /// A household's or an office's line to its provider: eight milliseconds.
  public static let line = Link(latency: .milliseconds(8))
  /// A radio cell: 25 to 40 milliseconds, and one packet in two hundred lost, in bursts.
  public static let cell: Link = {
    var link = Link(latency: .milliseconds(25))
    link.jitter = .milliseconds(15)
    link.loss = .gilbertElliott(toBad: 0.002, toGood: 0.4)
    return link
  }()

  /// Why there can be no such link.
  public enum Problem: Error, Hashable, Sendable {
    /// A probability is not from 0 to 1.
    case probability(Double)
    /// A time is negative, or more than a day.
    case time(Duration)
    /// The rate is not positive.
    case rate(Int)
    /// The queue's limit is negative.
    case queueLimit(Int)
    /// The MTU is less than the 68 bytes that each IPv4 link takes (RFC 791 §3.2).
    case mtu(Int)
  }

  /// What is wrong with the link; nil if it can exist.
  public var problem: Problem? {
    let probabilities = [duplication, reordering] + loss.probabilities
    // A comparison that NaN fails too.
    if let wrong = probabilities.first(where: { !(0...1).contains($0) }) {
      return .probability(wrong)
    }
    let times = [latency, jitter, reorderingDelay]
    if let wrong = times.first(where: { !(.zero ... .seconds(86_400)).contains($0) }) {
      return .time(wrong)
    }
    if let rate, rate <= 0 { return .rate(rate) }
    if queueLimit < 0 { return .queueLimit(queueLimit) }
    return mtu < 68 ? .mtu(mtu) : nil
  }
}
