public import IPPacket
import Router
public import SansIO
import TransportAddress

/// Programs on hosts: the network is their driver.
extension Network {
  // MARK: - From outside of the network

  /// The program on a host that is of a type; nil if none is.
  public func program<Program: Endpoint>(on host: HostID, as type: Program.Type) -> Program? {
    for program in hosts[host.index].programs {
      if let endpoint = program.endpoint as? Program { return endpoint }
    }
    return nil
  }

  /// Tells the first program of a type something that did not come through the network.
  ///
  ///     net.tell(alice, ScriptEndpoint.self) { script, now, generator in script.send(…) }
  ///
  /// What it then wants done is done at once.
  /// - Precondition: the host has such a program.
  @discardableResult
  public mutating func tell<Program: Endpoint, Answer>(
    _ host: HostID, _ type: Program.Type,
    _ body: (inout Program, Instant, inout SeededGenerator) -> Answer
  ) -> Answer {
    startPrograms()
    for number in hosts[host.index].programs.indices {
      guard var endpoint = hosts[host.index].programs[number].endpoint as? Program else { continue }
      let answer = body(&endpoint, time, &generator)
      hosts[host.index].programs[number].endpoint = endpoint
      performActions(host: host.index, program: number)
      return answer
    }
    preconditionFailure("the host has no \(Program.self)")
  }

  /// Tells the program at a port of a host something that did not come through the network.
  ///
  /// - Returns: nil if no program of the type has the port; nothing is done then.
  @discardableResult
  package mutating func tell<Program: Endpoint, Answer>(
    _ host: HostID, at port: UInt16, _ type: Program.Type,
    _ body: (inout Program, Instant, inout SeededGenerator) -> Answer
  ) -> Answer? {
    startPrograms()
    guard let number = hosts[host.index].program(at: port),
      var endpoint = hosts[host.index].programs[number].endpoint as? Program
    else { return nil }
    let answer = body(&endpoint, time, &generator)
    hosts[host.index].programs[number].endpoint = endpoint
    performActions(host: host.index, program: number)
    return answer
  }

  /// Sends a packet from a host as it is, whatever its source says, by the interface that the host was
  /// drawn with.
  ///
  /// - Parameter packet: an IPv4 or IPv6 packet, its header first; nothing is filled in.
  /// - Throws: `PacketError` if the bytes are no whole packet. A wrong source is none of these:
  ///   that is for the routers on its way to find.
  @discardableResult
  public mutating func send(
    _ packet: [UInt8], from host: HostID
  ) throws(PacketError) -> PacketID {
    try send(packet, from: host.interface)
  }

  /// Sends a packet by an interface of a host as it is, whatever its source says.
  ///
  /// - Throws: `PacketError` if the bytes are no whole packet.
  @discardableResult
  public mutating func send(
    _ packet: [UInt8], from interface: InterfaceID
  ) throws(PacketError) -> PacketID {
    _ = try IPLayout(packet.span, at: 0, isWhole: true)
    return send(packet, fromInterface: interface.node)
  }

  @discardableResult
  mutating func send(_ bytes: consuming [UInt8], fromInterface node: NodeID) -> PacketID {
    send(newFlight(bytes), fromInterface: node)
  }

  /// Sends the packet at a place.
  @discardableResult
  private mutating func send(_ place: Int, fromInterface node: NodeID) -> PacketID {
    let packet = flights[place].packet
    if isTracing {
      trace.record(.sent(packet, flights[place].bytes, .outside), at: node, time)
    }
    transmit(place, from: node, to: nodes[node.index].parent)
    return packet
  }

  // MARK: - Events

  /// Starts the programs that have not run yet.
  mutating func startPrograms() {
    guard hasNewPrograms else { return }
    hasNewPrograms = false
    for host in hosts.indices {
      for program in hosts[host].programs.indices where !hosts[host].programs[program].hasStarted {
        hosts[host].programs[program].hasStarted = true
        let address = primaryAddress(of: host) ?? hosts[host].interfaces[0].addresses.primary
        hosts[host].programs[program].endpoint.started(
          at: address, now: time, using: &generator)
        hosts[host].programs[program].endpoint.addressesChanged(
          to: linkedAddresses(of: host), at: time, using: &generator)
        performActions(host: host, program: program)
      }
    }
  }

  mutating func timerFired(host: Int, program: Int) {
    hosts[host].programs[program].timerFired(at: time, using: &generator)
    performActions(host: host, program: program)
  }

  /// Does what a program wants done, and what follows from it on its host.
  mutating func performActions(host: Int, program: Int) {
    takeActions(host: host, program: program)
    if hosts[host].streams.hasOutput { settleStreams(host: host) }
  }

  /// Does what a program wants done, and sets its timer.
  mutating func takeActions(host: Int, program: Int) {
    while true {
      switch hosts[host].programs[program].nextStep(from: time) {
      case .action(.report(let text)):
        if isTracing { trace.record(.report(text), at: hosts[host].node, time) }
      case .action(.stream(let action, let flow)):
        perform(action, on: flow, host: host, program: program)
      case .action(.send(let payload, let port, let destination)):
        precondition(
          hosts[host].program(at: port) == program, "a program sends from ports of its own")
        send(payload, from: nil, port, to: destination, host: host)
      case .action(.sendBound(let payload, let local, let destination)):
        precondition(
          hosts[host].program(at: local.port) == program, "a program sends from ports of its own")
        send(payload, from: local.address, local.port, to: destination, host: host)
      case .rest(let waitingChange, let timer):
        waitingCount += waitingChange
        if let timer { queue.add(.endpointTimer(host: host, endpoint: program), at: timer) }
        return
      }
    }
  }

  /// Sends a datagram by the host's route to its destination.
  ///
  /// - Parameter bound: the address that the socket is bound to; nil for any.
  private mutating func send(
    _ payload: [UInt8], from bound: IPAddress?, _ port: UInt16,
    to destination: TransportAddress, host: Int
  ) {
    guard let (node, source) = route(from: host, to: destination.address, boundTo: bound) else {
      let text = "no address of its own from which to send to \(destination)"
      if isTracing { trace.record(.report(text), at: hosts[host].node, time) }
      return
    }
    let place = newFlight()
    UDPDatagram.write(
      payload, from: TransportAddress(source, port: port), to: destination,
      into: &flights[place].bytes)
    send(place, fromInterface: node)
  }

  // MARK: - Packets that arrive

  mutating func delivered(_ place: Int, to host: Int) {
    // Taken out, so that the program can read them where they are.
    let bytes = flights[place].takeBytes()
    let content: HostPacket
    let interface = hosts[host].interface(at: flights[place].node)
    do throws(DropReason) {
      content = try HostPacket(bytes.span, at: hosts[host].interfaces[interface].addresses)
    } catch {
      flights[place].bytes = bytes
      return drop(place, error)
    }
    guard case .datagram(let payload, let source, let destination) = content,
      let program = hosts[host].program(at: destination.port)
    else {
      flights[place].bytes = bytes
      return delivered(place, content, to: host)
    }
    recordDelivery(place, bytes)
    hosts[host].programs[program].endpoint.received(
      bytes.span.extracting(payload), from: source, to: destination, at: time, using: &generator)
    flights[place].bytes = consume bytes
    endFlight(place)
    performActions(host: host, program: program)
  }

  /// A packet has arrived that is not for a port of a program.
  private mutating func delivered(_ place: Int, _ content: HostPacket, to host: Int) {
    switch content {
    case .datagram: reportClosedPort(place, by: host)
    case .segment(let segment, let flow): received(segment, on: flow, place, host: host)
    case .error(let error, let mtu) where error.embedded.protocol == .tcp:
      received(error, nextHopMTU: mtu, place, host: host)
    case .error(let error, _):
      guard let program = hosts[host].program(at: error.embedded.source.port) else {
        return drop(place, .closedPort)
      }
      recordDelivery(place)
      endFlight(place)
      hosts[host].programs[program].endpoint.received(error, at: time)
      performActions(host: host, program: program)
    case .echoRequest:
      recordDelivery(place)
      let node = flights[place].node
      let request = flights[place].takeBytes()
      endFlight(place)
      var reply = [UInt8](repeating: 0, count: request.count)
      var output = reply.mutableSpan
      guard let length = EchoReply.write(to: request.span, into: &output) else { return }
      send(Array(reply.prefix(length)), fromInterface: node)
    case .other:
      recordDelivery(place)
      endFlight(place)
    }
  }

  mutating func recordDelivery(_ place: Int) {
    recordDelivery(place, flights[place].bytes)
  }

  /// Notes the delivery of a packet whose bytes have been taken out.
  private mutating func recordDelivery(_ place: Int, _ bytes: [UInt8]) {
    deliveredCount += 1
    if isTracing {
      trace.record(.delivered(flights[place].packet, bytes), at: flights[place].node, time)
    }
  }

  /// Ends a packet at the interface of a host that it has come to.
  mutating func drop(_ place: Int, _ reason: DropReason) {
    drop(place, passage(place, .outside), reason, at: flights[place].node)
  }

  /// No program has the port: the sender is told so (RFC 1122 §4.1.3.1).
  private mutating func reportClosedPort(_ place: Int, by host: Int) {
    let node = flights[place].node
    let own = hosts[host].interfaces[hosts[host].interface(at: node)].addresses
    // RFC 4443 §3.1 has another number for it.
    let (bytes, isV6) = (flights[place].bytes, flights[place].isV6)
    let kind = isV6 ? ICMPError.Kind(type: 1, code: 4) : .portUnreachable
    let address = isV6 ? own.v6.map { IPAddress.v6($0) } : own.v4.map { .v4($0) }
    drop(place, .closedPort)
    if let address, let error = ICMPErrorMessage(kind).packet(about: bytes.span, from: address) {
      send(error, fromInterface: node)
    }
  }
}
