internal import STUN
internal import SansIO
internal import Sockets
internal import TURN
internal import TransportAddress

/// What the TURN server wants done.
extension RelayServer {
  mutating func act(_ report: (Report) -> Void) {
    while true {
      // Events first: what an allocation has relayed is counted where its sockets are.
      while let event = turn.nextEvent() { self.report(event, report) }
      switch turn.nextAction() {
      case .send(let bytes, let tuple):
        counts.note(bytes.span)
        if tuple.protocol == .tcp {
          respond(bytes, on: tuple)
        } else {
          send(bytes.span, from: tuple.local, to: tuple.remote)
        }
      case .open(let address): open(address, report)
      case .close(let address): close(address)
      case .connection(let action): act(action, report)
      case nil: return
      }
    }
  }

  /// Reports an event, unless it is one refusal of too many.
  private mutating func report(_ event: TURNServer.Event, _ report: (Report) -> Void) {
    counts.note(event)
    switch event {
    case .refused, .notAuthentic:
      guard refusals.admits(at: loop.now) else { return }
      if let count = refusals.takeLeftOut() { report(.leftOut(count)) }
    case .ended:
      // Its traffic is told with it.
      loop.flush()
      settleUnsent()
    case .allocated, .moved: break
    }
    report(.turn(event, traffic(of: event)))
  }

  private func traffic(of event: TURNServer.Event) -> Traffic? {
    guard case .ended(_, _, let relayed, _) = event else { return nil }
    return relayed.reduce(into: Traffic()) { sum, address in
      if let port = portsByAddress[EndpointKey(address)] { sum += port.traffic }
      if let listener = peerStreams.listener(at: address) { sum += listener.traffic }
    }
  }

  private mutating func open(_ address: TransportAddress, _ report: (Report) -> Void) {
    do throws(SocketError) {
      let id = try loop.open(address, keepsErrors: true)
      guard let socket = loop[id] else { return }
      do throws(SocketError) {
        let port = try RelayedPort(id, socket)
        ports[id] = port
        portsByAddress[EndpointKey(address)] = port
      } catch {
        loop.close(id)
        throw error
      }
      turn.opened(address)
    } catch {
      counts.notOpened += 1
      report(.notOpened(address, error))
      turn.openFailed(address, at: loop.now, using: &generator)
    }
  }

  private mutating func close(_ address: TransportAddress) {
    if let listener = peerStreams.removeListener(at: address) {
      finished += listener.traffic
      loop.close(listener.id)
      streamTimers.cancel(listener.id)
    }
    guard let port = portsByAddress.removeValue(forKey: EndpointKey(address)) else { return }
    finished += port.traffic
    ports[port.id] = nil
    loop.close(port.id)
  }
}
