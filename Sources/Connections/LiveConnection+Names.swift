import MulticastDNS
import Sockets
import TransportAddress

/// The sockets of multicast DNS: opened for the first name that is to be resolved, closed when none is left.
///
/// On each interface, and for each family, queries leave from one socket, to whose port responders may answer;
/// another one is in the group, to which browsers answer.
struct NameSockets {
  /// A socket that queries leave from.
  struct Departure {
    let id: SocketID
    let group: TransportAddress
    let interface: UInt32
  }

  var departures: [Departure] = []
  var ways: [SocketID: MulticastResolver.Way] = [:]
}

extension LiveConnection {
  /// By how many interfaces names are asked for, at four sockets each.
  private static var interfaceLimit: Int { 16 }

  /// Sends a query to both groups by every interface.
  mutating func query(_ bytes: [UInt8]) {
    if names.ways.isEmpty { openNames() }
    for departure in names.departures {
      do throws(SocketError) {
        try loop[departure.id]?.send(
          bytes.span, to: departure.group, interface: departure.interface)
      } catch {
        // As lost as on the way: a query is repeated.
      }
    }
  }

  /// Closes the sockets once no name is asked for.
  mutating func closeNamesIfDone() {
    guard !names.ways.isEmpty, connection.waitingNameCount == 0 else { return }
    for id in names.ways.keys { loop.close(id) }
    names = NameSockets()
  }

  /// Opens what can be opened: an interface or a family without is as one where nothing answers.
  private mutating func openNames() {
    // The first ones are those of the host itself; those of containers come after them.
    let interfaces = ((try? multicastInterfaces()) ?? []).prefix(Self.interfaceLimit)
    for interface in interfaces {
      for group in MulticastResolver.groups {
        switch group.address {
        case .v4:
          // A packet to a group leaves by the interface that has its source.
          guard let address = interface.v4 else { continue }
          openNames(group, from: .v4(address), interface.index)
        case .v6:
          if interface.hasV6 { openNames(group, from: "::", interface.index) }
        }
      }
    }
  }

  private mutating func openNames(
    _ group: TransportAddress, from address: IPAddress, _ interface: UInt32
  ) {
    if let id = try? loop.open(TransportAddress(address, port: 0)) {
      names.departures.append(.init(id: id, group: group, interface: interface))
      names.ways[id] = .unicast
    }
    if let id = try? loop.open(group: group, interface: interface) { names.ways[id] = .multicast }
  }
}
