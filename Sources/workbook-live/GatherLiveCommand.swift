import ArgumentParser
import CLinux
import CommandOptions
import Diagnosis
import Glibc
import ProgramSupport
import STUN
import TURN

/// `gather`: tries STUN and TURN servers, and says why one does not work.
struct GatherLiveCommand: ParsableCommand {
  static let configuration = GatherArguments.configuration

  @OptionGroup var arguments: GatherArguments

  func run() throws {
    let now = Int64(time(nil))
    var uris: [ServerURI] = []
    for server in arguments.servers {
      do throws(ServerURI.ParseError) {
        uris.append(try ServerURI(parsing: server))
      } catch {
        throw WorkbookError.usage(error.description)
      }
    }
    if let other = uris.first(where: { $0.way == .unknown }) {
      throw WorkbookError.usage(
        "\(other.text): UDP, TCP and TLS over TCP can be tried, not DTLS or other transports")
    }
    let trust = try arguments.ca.map(trustedIssuers)
    var gatherer = Gatherer(
      as: try credentials(now: now), wallClock: now, stop: linux_hold_stop_signals())
    gatherer.trust = trust
    let page = GatherPage(output: arguments.output.output(), isJSON: arguments.format.json)
    var verdicts: [ServerVerdict] = []
    for uri in uris {
      let recorder = StepRecorder()
      page.begin(uri)
      do throws(TURNConfigurationError) {
        let verdict = try gatherer.run(uri) { step in
          recorder.steps.append(step)
          page.show(step)
        }
        page.end(uri, recorder.steps, verdict)
        verdicts.append(verdict)
      } catch {
        throw WorkbookError.usage("--user: \(error)")
      }
    }
    page.finish()
    if verdicts.contains(.fails) { throw ExitCode(1) }
    if verdicts.contains(.silent) { throw ExitCode(75) }
  }

  private func credentials(now: Int64) throws(WorkbookError) -> ProbeCredentials {
    if let secret = arguments.secret {
      guard arguments.password == nil else {
        throw .usage("--secret makes a password; it does not go with --password")
      }
      let text = try secret.read()
      do throws(STUNConfigurationError) {
        let timed = try TimedCredentials(sharedSecret: Array(text.utf8), epoch: now)
        let name = TimedCredentials.username(
          arguments.user ?? "workbook", validUntil: now + 3600)
        return ProbeCredentials(username: name, password: timed.password(of: name))
      } catch {
        throw .usage("--secret: \(error)")
      }
    }
    guard let user = arguments.user else { return .anonymous }
    if let password = arguments.password {
      return ProbeCredentials(username: user, password: try password.read())
    }
    guard let credentials = ProbeCredentials(parsing: user) else {
      throw .usage("--user: '\(user)' has no password: NAME:PASSWORD, or --password")
    }
    return credentials
  }

  /// The steps of one server, as they come.
  private final class StepRecorder {
    var steps: [ProbeStep] = []
  }
}
