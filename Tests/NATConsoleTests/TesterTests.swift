import NATTable
import Testing
import TransportAddress

@testable import NATConsole

/// What a tester of NATs needs besides: errors, fragments, behaviors, timers, expectations.
@Suite struct TesterTests {
  private func run(_ lines: String, preset: String = "restricted-cone") throws -> [String] {
    var console = try Console(preset: preset)
    return try lines.split(separator: "\n").flatMap { try console.obey(String($0)).lines }
  }

  @Test("An ICMP error about the last packet goes to its sender, from its receiver or a router")
  func errors() throws {
    let printed = try run(
      """
      send 10.0.0.2:5000 > 198.51.100.1:3478
      error port-unreachable
      error time-exceeded from 192.0.2.254
      """)
    #expect(
      printed.dropFirst() == [
        "forward ICMP port unreachable 198.51.100.1 → 10.0.0.2 about "
          + "UDP 10.0.0.2:5000 → 198.51.100.1:3478",
        "forward ICMP time exceeded 192.0.2.254 → 10.0.0.2 about "
          + "UDP 10.0.0.2:5000 → 198.51.100.1:3478",
      ])
  }

  @Test("In IPv6 an error has ICMPv6's numbers, and none is of the other version")
  func errorsV6() throws {
    var console = try Console(preset: "nat66")
    _ = try console.obey("send [fd00:1:2:3::4]:5000 > [2001:db8:ff::1]:80")
    let printed = try console.obey("error host-unreachable from 2001:db8:ff::9").lines
    #expect(printed[0].hasPrefix("forward ICMPv6 host unreachable 2001:db8:ff::9 → fd00:1:2:3::4"))
    #expect(throws: ConsoleError(column: 1, message: "an error is of the IP version of its packet"))
    {
      try console.obey("error host-unreachable from 192.0.2.1")
    }
  }

  @Test("A later fragment waits for the first of its datagram, and goes on behind it")
  func fragments() throws {
    let printed = try run(
      """
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 7 from 1480 last
      expect hold
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 7 from 0
      """, preset: "linux")
    #expect(
      printed == [
        "hold: the datagram's first fragment has not come yet (RFC 4787 §11)", "as expected",
        "forward UDP 203.0.113.7:5000 → 198.51.100.1:3478, fragment 7 from byte 0",
        "then forward UDP 203.0.113.7 → 198.51.100.1, fragment 7 from byte 1480, the last",
      ])
  }

  @Test("A fragment whose first never comes is forgotten, and what waits is taken back by undo")
  func heldFragments() throws {
    let printed = try run(
      """
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 7 from 1480 last
      undo
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 7 from 0
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 8 from 1480 last
      wait 15s
      send 10.0.0.2:5000 > 198.51.100.1:3478 fragment 8 from 0
      """)
    #expect(printed.filter { $0.hasPrefix("then") } == [])
  }

  @Test("Mapping, filtering and timers can be set, and outlive new outside addresses")
  func behaviors() throws {
    let printed = try run(
      """
      mapping address-and-port-dependent
      filtering endpoint-independent
      timer udp-unanswered 1.5s
      external 203.0.113.8
      send 10.0.0.2:5000 > 198.51.100.1:3478
      send 10.0.0.2:5000 > 198.51.100.2:3478
      receive 192.0.2.9:1 > 203.0.113.8:5000
      expect forward
      wait 1499ms
      wait 1ms
      """, preset: "port-restricted-cone")
    #expect(
      printed.contains(
        "port-restricted-cone: address and port-dependent mapping, endpoint-independent filtering"))
    #expect(printed.contains("as expected"))
    #expect(
      printed.suffix(2) == ["now 1.499 s; no mapping expired", "now 1.5 s; 2 mappings expired"])
    #expect(throws: ConsoleError.self) { try run("mapping address-dependent", preset: "nat66") }
  }

  @Test("An expectation that is not so is an error of its own kind, and changes nothing")
  func expectations() throws {
    var console = try Console()
    #expect(throws: ConsoleError.self) { try console.obey("expect forward") }
    _ = try console.obey("receive 192.0.2.9:1 > 203.0.113.7:5000")
    #expect(try console.obey("expect drop").lines == ["as expected"])
    #expect(try console.obey("expect drop noMapping").lines == ["as expected"])
    for line in ["expect forward", "expect drop filtered", "expect hold"] {
      do throws(ConsoleError) {
        _ = try console.obey(line)
        Issue.record("it was met: \(line)")
      } catch {
        #expect(error.isUnmet && error.column == 8)
        #expect(error.message.hasSuffix("(noMapping)"))
      }
    }
    _ = try console.obey("undo")
    #expect(throws: ConsoleError(column: 1, message: "there is nothing to take back")) {
      try console.obey("undo")
    }
  }

  @Test(
    "A time may have decimals, and days",
    arguments: [
      ("1.5s", Duration.milliseconds(1500)), ("0.25ms", .microseconds(250)),
      ("1d", .seconds(86_400)), ("0.5d", .seconds(43_200)), ("1.0000000005s", .seconds(1)),
    ])
  func times(text: String, time: Duration) throws {
    #expect(try ConsoleCommand(parsing: "wait \(text)") == .wait(time))
  }
}
