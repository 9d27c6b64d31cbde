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
    let packet = nextPacketID()
    if isTracing { trace.record(.sent(packet, copy bytes, .outside), at: node, time) }
    transmit(packet, bytes, from: node, to: nodes[node.index].parent)
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
    while let action = hosts[host].programs[program].endpoint.nextAction() {
      switch action {
      case .report(let text):
        if isTracing { trace.record(.report(text), at: hosts[host].node, time) }
      case .stream(let action, let flow):
        perform(action, on: flow, host: host, program: program)
      case .send(let payload, let port, let destination):
        precondition(
          hosts[host].program(at: port) == program, "a program sends from ports of its own")
        send(payload, from: nil, port, to: destination, host: host)
      case .sendBound(let payload, let local, let destination):
        precondition(
          hosts[host].program(at: local.port) == program, "a program sends from ports of its own")
        send(payload, from: local.address, local.port, to: destination, host: host)
      }
    }
    let (waitingChange, timer) = hosts[host].programs[program].wait(from: time)
    waitingCount += waitingChange
    if let timer { queue.add(.endpointTimer(host: host, endpoint: program), at: timer) }
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
    let packet = UDPDatagram.packet(
      payload, from: TransportAddress(source, port: port), to: destination,
      reusing: spares.popLast() ?? [])
    send(packet, fromInterface: node)
  }

  // MARK: - Packets that arrive

  mutating func delivered(_ flight: consuming EventQueue.Flight, to host: Int) {
    let content: HostPacket
    let interface = hosts[host].interface(at: flight.node)
    do throws(DropReason) {
      content = try HostPacket(
        flight.bytes.span, at: hosts[host].interfaces[interface].addresses)
    } catch {
      return drop(flight, error)
    }
    switch content {
    case .datagram(let payload, let source, let destination):
      guard let program = hosts[host].program(at: destination.port) else {
        reportClosedPort(flight, hosts[host].interfaces[interface].addresses)
        return
      }
      recordDelivery(flight)
      hosts[host].programs[program].endpoint.received(
        flight.bytes.span.extracting(payload), from: source, to: destination, at: time,
        using: &generator)
      // The trace keeps what it has recorded.
      if !isTracing, spares.count < 1024 { spares.append(flight.takeBytes()) }
      performActions(host: host, program: program)
    case .segment(let segment, let flow): received(segment, on: flow, flight, host: host)
    case .error(let error, let mtu) where error.embedded.protocol == .tcp:
      received(error, nextHopMTU: mtu, flight, host: host)
    case .error(let error, _):
      guard let program = hosts[host].program(at: error.embedded.source.port) else {
        return drop(flight, .closedPort)
      }
      recordDelivery(flight)
      hosts[host].programs[program].endpoint.received(error, at: time)
      performActions(host: host, program: program)
    case .echoRequest:
      recordDelivery(flight)
      var reply = [UInt8](repeating: 0, count: flight.bytes.count)
      var output = reply.mutableSpan
      guard let length = EchoReply.write(to: flight.bytes.span, into: &output) else { return }
      send(Array(reply.prefix(length)), fromInterface: flight.node)
    case .other: recordDelivery(flight)
    }
  }

  mutating func recordDelivery(_ flight: borrowing EventQueue.Flight) {
    deliveredCount += 1
    if isTracing {
      trace.record(.delivered(flight.packet, flight.bytes), at: flight.node, time)
    }
  }

  /// Drops a packet at the interface of a host that it has come to.
  mutating func drop(_ flight: borrowing EventQueue.Flight, _ reason: DropReason) {
    guard isTracing else { return }
    trace.record(
      .dropped(flight.packet, .init(bytes: flight.bytes, side: .outside), reason),
      at: flight.node, time)
  }

  /// No program has the port: the sender is told so (RFC 1122 §4.1.3.1).
  private mutating func reportClosedPort(
    _ flight: borrowing EventQueue.Flight, _ own: HostAddresses
  ) {
    drop(flight, .closedPort)
    // RFC 4443 §3.1 has another number for it.
    let isV6 = flight.bytes[0] >> 4 == 6
    let kind = isV6 ? ICMPError.Kind(type: 1, code: 4) : .portUnreachable
    let address = isV6 ? own.v6.map { IPAddress.v6($0) } : own.v4.map { .v4($0) }
    if let address,
      let error = ICMPErrorMessage(kind).packet(
        about: flight.bytes.span, from: address)
    {
      send(error, fromInterface: flight.node)
    }
  }
}
