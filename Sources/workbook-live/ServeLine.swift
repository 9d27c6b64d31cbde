import FoundationEssentials
import Relay
import STUN
import STUNCodec
import Signaling
import Sockets
import TURN
import Terminal
import TransportAddress

/// A line of `serve`; `result` says which of the others it has.
struct ServeLine: Encodable {
  var result: String
  var listening: [String]?
  var secureListening: [String]?
  var fingerprint: String?
  var signaling: [String]?
  var relayAddresses: [String]?
  var ports: String?
  var realm: String?
  var iceServers: [ICEServers.Server]?
  var user: String?
  var client: String?
  var formerClient: String?
  var relayed: [String]?
  var seconds: UInt32?
  var reason: String?
  var method: String?
  var code: UInt16?
  var peer: String?
  var allocations: Int?
  var sent: Int?
  var sentBytes: Int?
  var received: Int?
  var receivedBytes: Int?
  var dropped: Int?
  var undelivered: Int?
  var leftOut: Int?
  var connectionEnds: [String: Int]?
  var metrics: String?
  var needsRestart: [String]?
  var room: String?
  var members: Int?
}

extension ServeLine {
  /// The last line.
  init(result: String, _ figures: RelayFigures) {
    self.init(
      result: result, allocations: figures.allocations,
      dropped: figures.drops.values.reduce(0, +), undelivered: figures.undelivered,
      connectionEnds: figures.connectionEnds)
    add(figures.traffic)
  }

  /// The line of a report; nil for figures, which are shown elsewhere.
  init?(_ report: RelayServer.Report) {
    switch report {
    case .figures: return nil
    case .notOpened(let address, let error):
      self.init(result: "notOpened", relayed: [address.description], reason: error.description)
    case .signaling(.joined(_, room: let room, memberCount: let count), let client):
      self.init(result: "joined", client: client?.description, room: room, members: count)
    case .signaling(.refused(_, let reason), let client):
      self.init(result: "notJoined", client: client?.description, reason: reason)
    case .signaling(.ended(room: let room), _): self.init(result: "roomEnded", room: room)
    case .leftOut(let count): self.init(result: "leftOut", leftOut: count)
    case .turn(.allocated(let user, let tuple, let relayed, let seconds), _):
      self.init(
        result: "allocated", user: printable(user), client: tuple.remote.description,
        relayed: relayed.map(\.description), seconds: seconds)
    case .turn(.moved(let user, let former, let tuple), _):
      self.init(
        result: "moved", user: printable(user), client: tuple.remote.description,
        formerClient: former.remote.description)
    case .turn(.ended(let user, let tuple, let relayed, let reason), let traffic):
      self.init(
        result: "ended", user: printable(user), client: tuple.remote.description,
        relayed: relayed.map(\.description), reason: reason.description)
      add(traffic ?? Traffic())
    case .turn(.refused(let method, let code, let user, let tuple, let peer), _):
      self.init(
        result: "refused", user: printable(user), client: tuple.remote.description,
        reason: code.description, method: method.description, code: code.rawValue,
        peer: peer?.address.description)
    case .turn(.notAuthentic(let method, let code, let name, let tuple), _):
      self.init(
        result: "notAuthentic", user: name.map(printable), client: tuple.remote.description,
        reason: code.description, method: method.description, code: code.rawValue)
    }
  }

  private mutating func add(_ traffic: Traffic) {
    (sent, sentBytes) = (traffic.sentCount, traffic.sentByteCount)
    (received, receivedBytes) = (traffic.receivedCount, traffic.receivedByteCount)
  }
}

extension ServeLine {
  /// The line for people.
  var text: StyledText {
    let who = user ?? "somebody"
    let place = client ?? ""
    let relay = (relayed ?? []).joined(separator: " and ")
    switch result {
    case "allocated":
      return StyledText("allocated ", .success)
        + StyledText("\(relay) to \(who) at \(place), for \(seconds ?? 0) s")
    case "moved":
      return StyledText("moved ", .success)
        + StyledText("\(who) from \(formerClient ?? "") to \(place)")
    case "ended":
      return StyledText("ended ", .muted)
        + StyledText("\(relay) of \(who) at \(place): \(reason ?? ""); \(amount)")
    case "refused":
      let target = peer.map { " for the peer \($0)" } ?? ""
      let remedy = code == 403 && peer != nil ? "; --allow-peer would allow it" : ""
      return StyledText("refused ", .failure)
        + StyledText("\(method ?? "")\(target) of \(who) at \(place): \(reason ?? "")\(remedy)")
    case "notAuthentic":
      return StyledText("not authentic ", .failure)
        + StyledText("\(method ?? "") from \(place), claiming to be \(who): \(reason ?? "")")
    case "joined":
      return StyledText("joined ", .success)
        + StyledText("room \(room ?? "") from \(place), \(members ?? 0) of 2 members")
    case "notJoined":
      return StyledText("not joined ", .failure) + StyledText("from \(place): \(reason ?? "")")
    case "roomEnded": return StyledText("over ", .muted) + StyledText("room \(room ?? "")")
    case "leftOut":
      return StyledText("left out ", .muted)
        + StyledText("\(leftOut ?? 0) refusals: there were too many to show each")
    case "notOpened": return StyledText("not opened ", .failure) + StyledText(reason ?? "")
    case "reloaded":
      let certificate = fingerprint.map { "; the certificate is SHA-256 \($0)" } ?? ""
      let words = needsRestart ?? []
      let late =
        words.isEmpty
        ? "" : "; \(words.joined(separator: ", ")) changed, too, which takes a restart"
      return StyledText("reloaded ", .success)
        + StyledText("users, peers and limits\(certificate)\(late)")
    case "notReloaded":
      return StyledText("not reloaded ", .failure)
        + StyledText("\(reason ?? ""): all stays as it was")
    case "draining":
      return StyledText("draining ", .muted)
        + StyledText(
          "no more allocations are made; \(allocations ?? 0) may go on for \(seconds ?? 0) s, and "
            + "a second signal ends them")
    default:
      let ends = (connectionEnds ?? [:]).sorted { $0.key < $1.key }
        .map { "; \($0.value) connections \($0.key)" }.joined()
      return StyledText("stopped; \(amount), \(dropped ?? 0) dropped\(ends)", .muted)
    }
  }

  private var amount: String {
    "\(sent ?? 0) datagrams (\(sentBytes ?? 0) bytes) went to peers, "
      + "\(received ?? 0) (\(receivedBytes ?? 0) bytes) came from them"
  }
}

/// A name without control characters and not too long: strangers choose what it is.
private func printable(_ name: String) -> String {
  let scalars = name.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      || scalar.properties.generalCategory == .lineSeparator
      || scalar.properties.generalCategory == .paragraphSeparator ? "\u{FFFD}" : scalar
  }
  return String(String.UnicodeScalarView(scalars))
}

/// A value as JSON in one line.
func compactJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  // Texts and lists, which JSON can represent.
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}
