import IPPacket
import SansIO
import TransportAddress

/// TCP between programs on hosts.
extension Network {
  /// Does what a program asks of TCP; what follows from it is done by ``settleStreams(host:)``.
  mutating func perform(
    _ action: StreamAction, on flow: FiveTuple, host: Int, program: Int
  ) {
    precondition(
      action != .open
        || flow.protocol == .tcp && hosts[host].contains(flow.local.address)
          && flow.local.address.isV6 == flow.remote.address.isV6,
      "a program opens TCP connections, from an address of its host's, of the family: not \(flow)")
    hosts[host].streams.perform(action, on: flow, by: program, at: time, using: &generator)
  }

  /// Gives a segment to the connection or the port that it is for.
  mutating func received(
    _ segment: TCPSegment, on flow: FiveTuple, _ place: Int,
    host: Int
  ) {
    if hosts[host].streams.received(segment, on: flow, at: time, using: &generator) {
      recordDelivery(place)
      endFlight(place)
    } else {
      drop(place, .closedPort)
    }
    settleStreams(host: host)
  }

  /// Takes in an ICMP error about a segment.
  ///
  /// Only of its size: a connection outlives other errors until it times out (RFC 5461 §4).
  mutating func received(
    _ error: ICMPError, nextHopMTU mtu: Int, _ place: Int, host: Int
  ) {
    let flow = FiveTuple(
      .tcp, local: error.embedded.source, remote: error.embedded.destination)
    guard hosts[host].streams.state(of: flow) != nil else {
      return drop(place, .closedPort)
    }
    recordDelivery(place)
    endFlight(place)
    let isV6 = flow.local.address.isV6
    let tooBig = isV6 ? ICMPError.Kind(type: 2, code: 0) : .fragmentationNeeded
    guard error.kind == tooBig, mtu >= 68 else { return }
    _ = hosts[host].streams.limitPackets(of: flow, to: isV6 ? mtu - 20 : mtu, at: time)
    settleStreams(host: host)
  }

  mutating func streamTimerFired(host: Int) {
    hosts[host].streams.timer = nil
    hosts[host].streams.timerFired(at: time)
    settleStreams(host: host)
  }

  /// Sends what connections want sent, tells programs what has happened to theirs, and sets the timer.
  mutating func settleStreams(host: Int) {
    let waitingBefore = hosts[host].waitingStreamCount
    while let output = hosts[host].streams.nextOutput() {
      switch output.kind {
      case .send(let segment):
        let (local, remote) = (output.flow.local, output.flow.remote)
        let route = route(from: host, to: remote.address, boundTo: local.address)
        send(
          segment.packet(from: local, to: remote), fromInterface: route?.node ?? hosts[host].node)
      case .tell(let program, let event):
        hosts[host].programs[program].endpoint.streamChanged(
          output.flow, event, at: time, using: &generator)
        takeActions(host: host, program: program)
      }
    }
    hosts[host].waitingStreamCount = hosts[host].streams.waitingCount
    waitingCount += hosts[host].waitingStreamCount - waitingBefore
    guard let deadline = hosts[host].streams.nextDeadline else { return }
    if let timer = hosts[host].streams.timer, timer <= deadline { return }
    hosts[host].streams.timer = deadline
    queue.add(.streamTimer(host: host), at: max(deadline, time))
  }
}
