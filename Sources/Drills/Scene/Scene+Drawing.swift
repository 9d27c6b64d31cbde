import Calls
import ICE
import NATTable
import Simulator
import TransportAddress

extension Scene {
  /// The call, in its network; nothing has happened yet.
  ///
  /// - Complexity: O(1).
  func call() -> Call {
    var network = Network(seed: 1)
    let above = carrier.map {
      network.router(
        "carrier", nat: $0, inside: IPv4Address(100, 64, 0, 1), prefixLength: 10, link: .cable)
    }
    let home = alice.drawn(in: &network, behind: above)
    let cabin = bob.drawn(in: &network, behind: above)
    let stun: TransportAddress = asksOtherSTUN ? "203.0.113.19:3478" : "203.0.113.9:3478"
    let caller = network.host("alice", behind: home)
    let callee = network.host("bob", behind: cabin)
    if alice.forwardsPort { network.forward(port: Self.port, of: home, to: caller) }
    if bob.forwardsPort { network.forward(port: Self.port, of: cabin, to: callee) }
    network.host("stun.example", at: "203.0.113.9", running: .stunServer)
    if asksOtherSTUN { network.host("stun.other", at: "203.0.113.19", running: .stunServer) }
    let turn = relay.map { $0.drawn(in: &network) }

    var plan = CallPlan(
      alice: .init(on: caller, asking: alice.servers(stun: stun, turn: turn)),
      bob: .init(on: callee, asking: bob.servers(stun: stun, turn: turn)))
    plan.alice.hearing = SignalingPath(latency: alice.hearingDelay)
    plan.bob.hearing = SignalingPath(latency: bob.hearingDelay)
    plan.alice.configuration.patience = patience
    plan.bob.configuration.patience = patience
    plan.trickling = tricklesCandidates ? .full : .none
    plan.alteration = signaling.alteration
    return Call(plan, in: network)
  }

  /// The first port of an agent.
  private static let port: UInt16 = 5000
}

extension Scene.Relay {
  /// Draws the relay.
  ///
  /// - Returns: its address.
  fileprivate func drawn(in network: inout Network) -> IPv4Address {
    let users = CallServers(stun: nil, turn: nil)
    let program = TURNServerEndpoint(
      passwords: [users.username: users.password], refusesItself: refusesItself)
    guard let firewall else {
      network.host("turn.example", at: "203.0.113.10", running: program)
      return "203.0.113.10"
    }
    let gateway = network.firewall(
      "data center", firewall, inside: "203.0.113.129", prefixLength: 28, link: .cable)
    network.host("turn.example", behind: gateway, at: "203.0.113.130", running: program)
    return "203.0.113.130"
  }
}

extension Scene.Side {
  /// Draws the router.
  fileprivate func drawn(in network: inout Network, behind parent: RouterID?) -> RouterID {
    var link = Link.line
    link.mtu = mtu
    return network.router(place, nat: nat, behind: parent, firewall: firewall, link: link)
  }

  fileprivate func servers(stun: TransportAddress, turn: IPv4Address?) -> CallServers {
    var servers = CallServers(stun: asksSTUN ? stun : nil, turn: nil)
    if let turn, relayAccess != .none {
      servers.turn = TransportAddress(.v4(turn), port: 3478)
      if relayAccess == .udpAndTCP {
        servers.turnStream = TransportAddress(.v4(turn), port: 443)
      }
    }
    if let password { servers.password = password }
    return servers
  }
}

extension Scene.Signaling {
  /// What becomes of signals; nil if they arrive as they are.
  fileprivate var alteration: CallPlan.Alteration? {
    switch self {
    case .faithful: nil
    case .losesAnsweredCandidates:
      { sender, signal, _ in
        guard sender == .bob else { return signal }
        return signal.without { if case .candidate = $0 { true } else { false } }
      }
    case .losesLaterOffers:
      { sender, signal, sent in
        guard sender == .alice else { return signal }
        let offers = (sent.filter { $0.sender == .alice }.map(\.signal) + [signal])
          .flatMap(\.parts).count { if case .offer = $0 { true } else { false } }
        return offers > 1 ? nil : signal
      }
    case .repeatsFirstAnswer:
      { sender, signal, sent in
        guard sender == .bob else { return signal }
        for case .answer(_, let first) in sent.filter({ $0.sender == .bob }).map(\.signal)
          .flatMap(\.parts)
        { return signal.answering(with: first) }
        return signal
      }
    }
  }
}

extension Signal {
  /// What one message holds, each by itself.
  var parts: [Signal] {
    guard case .whole(let signals) = self else { return [self] }
    return signals.flatMap(\.parts)
  }

  /// The signal without some parts; nil if it is one of these.
  fileprivate func without(_ isLost: (Signal) -> Bool) -> Signal? {
    guard case .whole(let signals) = self else { return isLost(self) ? nil : self }
    return .whole(signals.compactMap { $0.without(isLost) })
  }

  /// The signal with another description in its answer.
  fileprivate func answering(with description: RemoteDescription) -> Signal {
    switch self {
    case .answer(let number, _): .answer(number, description)
    case .whole(let signals): .whole(signals.map { $0.answering(with: description) })
    default: self
    }
  }
}
