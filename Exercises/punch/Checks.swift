import IPPacket
import NATTable
import SansIO
import Testing
import TransportAddress

@testable import Answer

/// A box, as the names of its two behaviors.
private struct Box: CustomStringConvertible {
  var mapping: EndpointDependence
  var filtering: EndpointDependence

  static let cone = Box(mapping: .endpointIndependent, filtering: .addressAndPortDependent)
  static let restricted = Box(mapping: .endpointIndependent, filtering: .addressDependent)
  static let symmetric = Box(mapping: .addressAndPortDependent, filtering: .addressAndPortDependent)
  static let all = EndpointDependence.allCases.flatMap { mapping in
    EndpointDependence.allCases.map { Box(mapping: mapping, filtering: $0) }
  }

  var description: String { "mapping \(mapping), filtering \(filtering)" }
}

/// Alice and Bob behind a box each, when both have asked a server.
private final class Houses {
  private var home: NATTable
  private var cabin: NATTable

  init(_ alice: Box, _ bob: Box) {
    home = NATTable(
      .init(mapping: alice.mapping, filtering: alice.filtering), external: "198.51.100.1")
    cabin = NATTable(
      .init(mapping: bob.mapping, filtering: bob.filtering), external: "198.51.100.2")
    _ = aliceSends(to: "203.0.113.9:3478")
    _ = bobSends(to: "203.0.113.9:3478")
  }

  func aliceSends(to destination: TransportAddress) -> TransportAddress? {
    let packet = Packet(from: "10.0.0.2:5000", to: destination)
    guard let sent = home.outbound(packet, at: .zero).packet else { return nil }
    return cabin.inbound(sent, at: .zero).packet == nil ? nil : sent.source
  }

  func bobSends(to destination: TransportAddress) -> TransportAddress? {
    let packet = Packet(from: "10.0.1.2:5000", to: destination)
    guard let sent = cabin.outbound(packet, at: .zero).packet else { return nil }
    return home.inbound(sent, at: .zero).packet == nil ? nil : sent.source
  }

  /// What the answer makes of it: each sends once more to where the answer says.
  func punched() -> String {
    let end = punch(
      alice: "198.51.100.1:5000", bob: "198.51.100.2:5000",
      aliceSends: { self.aliceSends(to: $0) }, bobSends: { self.bobSends(to: $0) })
    guard let end else { return "nil" }
    switch (bobSends(to: end.alice) != nil, aliceSends(to: end.bob) != nil) {
    case (true, true): return "both hear each other"
    case (true, false): return "only Alice hears Bob"
    case (false, true): return "only Bob hears Alice"
    case (false, false): return "neither hears the other"
    }
  }
}

@Suite struct PunchChecks {
  private func expect(_ outcome: String, _ alice: Box, _ bob: Box, _ comment: String) {
    let result = Houses(alice, bob).punched()
    #expect(result == outcome, "\(comment)")
  }

  @Test("Two boxes that keep one port for everybody let both be heard")
  func cones() {
    expect(
      "both hear each other", .cone, .cone,
      "Both boxes keep one port for everybody, and let in only endpoints that were sent to")
  }

  @Test("A symmetric box is met where its packet came from")
  func symmetric() {
    expect(
      "both hear each other", .symmetric, .restricted,
      "Alice's box is symmetric; Bob's lets in every port of an address that he has sent to")
    expect(
      "both hear each other", .restricted, .symmetric,
      "Bob's box is symmetric; Alice's lets in every port of an address that she has sent to")
  }

  @Test("Where nothing gets through, the answer is nil")
  func never() {
    expect("nil", .symmetric, .symmetric, "Both boxes are symmetric: each packet is dropped")
    expect("nil", .cone, .symmetric, "Alice's box looks at ports, and Bob's port is always new")
  }

  @Test("Where only one of them can hear the other, the answer is nil")
  func oneWay() {
    let open = Box(mapping: .addressAndPortDependent, filtering: .endpointIndependent)
    expect("nil", .cone, open, "Bob's box lets everybody in, and Alice's drops all that he sends")
    expect("nil", open, .cone, "Alice's box lets everybody in, and Bob's drops all that she sends")
  }

  @Test("Of all 81 pairs of boxes, those that can meet do")
  func all() {
    for alice in Box.all {
      for bob in Box.all {
        let canMeet = Self.canMeet(alice, bob)
        let expected = canMeet ? "both hear each other" : "nil"
        let result = Houses(alice, bob).punched()
        #expect(result == expected, "Alice's box: \(alice). Bob's box: \(bob)")
        // One pair that comes out wrong says enough.
        guard result == expected else { return }
      }
    }
  }

  private static func canMeet(_ alice: Box, _ bob: Box) -> Bool {
    // A packet to the told endpoint gets in if the filter knows its sender, and the answer to it if it
    // comes from where the packet went, or the filter does not look at ports.
    func reaches(_ receiver: Box, from sender: Box) -> Bool {
      let isOpened = receiver.mapping == .endpointIndependent
      switch receiver.filtering {
      case .endpointIndependent: return true
      case .addressDependent: return isOpened
      case .addressAndPortDependent: return isOpened && sender.mapping == .endpointIndependent
      }
    }
    func hears(_ receiver: Box, _ sender: Box) -> Bool {
      reaches(receiver, from: sender)
        || reaches(sender, from: receiver)
          && (sender.mapping == .endpointIndependent
            || receiver.filtering != .addressAndPortDependent)
    }
    return hears(alice, bob) && hears(bob, alice)
  }
}
