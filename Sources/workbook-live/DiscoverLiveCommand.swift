import ArgumentParser
import CLinux
import CommandOptions
import Diagnosis
import ProgramSupport
import STUN
import Sockets
import TURN
import Terminal
import TransportAddress

/// `discover`: finds out how the NAT in front of this machine behaves.
struct DiscoverLiveCommand: ParsableCommand {
  static let configuration = DiscoverArguments.configuration

  @OptionGroup var arguments: DiscoverArguments

  func run() throws {
    let found = try discover()
    let output = arguments.output.output()
    defer { output.flush() }
    if arguments.format.json {
      output.jsonObject(Discovered(found))
    } else {
      for line in found.description.split(separator: "\n") { output.line(StyledText(String(line))) }
      if !found.meaning.isEmpty { output.line() }
      for sentence in found.meaning { output.line(StyledText(sentence)) }
      if found.mapped == nil {
        output.line(StyledText("'workbook gather \(arguments.server)' tries it, and says why."))
      }
    }
    if found.mapped == nil {
      output.flush()
      throw ExitCode(75)
    }
    if found.mapping == nil || found.filtering == nil { throw ExitCode(1) }
  }

  private func discover() throws(WorkbookError) -> DiscoveredBehavior {
    let uri: ServerURI
    do throws(ServerURI.ParseError) {
      uri = try ServerURI(parsing: arguments.server)
    } catch {
      throw .usage(error.description)
    }
    guard uri.way == .udp else { throw .usage("\(uri.text): behavior discovery needs UDP") }
    let server: TransportAddress
    do throws(ServerResolution.Failure) {
      // UDP alone has a NAT behavior to discover.
      server = try addresses(of: uri, over: [.udp])[0].address
    } catch {
      throw .missing("\(uri.text): \(error)", remedy: nil)
    }
    let found: DiscoveredBehavior?
    do throws(SocketError) {
      let local = try UDPSocket.source(for: server)
      found = try DiscoveryProbe.run(server, from: local, stop: linux_hold_stop_signals())
    } catch {
      throw .missing(error.description, remedy: nil)
    }
    guard let found else { throw .interrupted }
    return found
  }
}

/// The object that `discover --json` prints.
private struct Discovered: Encodable {
  var mapped: String?
  var hasNAT: Bool?
  var mapping: String?
  var filtering: String?
  var hairpinning: Bool?
  var rewritesAddresses: Bool?
  var meaning: [String]

  init(_ found: DiscoveredBehavior) {
    mapped = found.mapped?.description
    hasNAT = found.mapped == nil ? nil : !found.isLocal
    mapping = found.mapping?.description
    filtering = found.filtering?.description
    hairpinning = found.supportsHairpinning
    rewritesAddresses = found.mapped == nil ? nil : found.hasALG
    meaning = found.meaning
  }
}
