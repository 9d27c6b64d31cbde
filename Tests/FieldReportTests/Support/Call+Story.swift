import Calls
import ICE
import NATTable
import STUNCodec
import SansIO
import Simulator
import TransportAddress

extension CallSite {
  /// Behind a NAT whose mappings depend on nothing, and whose filter on address and port.
  static let cone = CallSite.nat("EIM/APDF", .portRestrictedCone)
  /// Behind a NAT whose mappings and filter depend on address and port.
  static let symmetric = CallSite.nat("APDM/APDF", .symmetric)
}

extension Call {
  /// The pair over which a side's data goes.
  func pair(of party: Party) -> CandidatePair? { endpoint(of: party).agent.pair() }

  /// The STUN messages that a side has sent in datagrams of its own, each with its time.
  func messages(sentBy party: Party) -> [(time: Instant, message: STUNMessage)] {
    guard let node = network.node(named: "\(party)") else { return [] }
    return network.trace.events(at: node).compactMap { event in
      guard case .sent(_, let bytes, _) = event.kind,
        let message = try? STUNMessage(Array(bytes.dropFirst(28)))
      else { return nil }
      return (event.time, message)
    }
  }

  /// When, and with which words, a side has reported something that begins so.
  func reports(of party: Party, beginning prefix: String) -> [(time: Instant, text: String)] {
    guard let node = network.node(named: "\(party)") else { return [] }
    return network.trace.events(at: node).compactMap { event in
      guard case .report(let text) = event.kind, text.hasPrefix(prefix) else { return nil }
      return (event.time, text)
    }
  }

  /// What a side has received since it had received so many.
  func words(to party: Party, after count: Int = 0) -> [String] {
    endpoint(of: party).received.dropFirst(count).map { String(decoding: $0.data, as: UTF8.self) }
  }
}
