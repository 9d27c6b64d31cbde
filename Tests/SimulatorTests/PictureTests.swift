import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

@Suite struct PictureTests {
  /// Alice asks a STUN server from behind a home router.
  private static var question: Trace {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run()
    return net.trace
  }

  @Test("An arrow goes through a NAT and shows both of its faces; STUN is told in words")
  func ladder() {
    let expected = """
                  alice                        home                      stun.example
                10.0.0.2                   198.51.100.1                   203.0.113.9
                    │                     Binding request                      │
         0.0 ms     ├────────────────────────────╋────────────────────────────▶│
           from     │              10.0.0.2:5000 ┃ 198.51.100.1:5000           │
                    │            Binding success 198.51.100.1:5000             │
         9.0 ms     │◀───────────────────────────╂─────────────────────────────┤
             to     │              10.0.0.2:5000 ┃ 198.51.100.1:5000           │
        18.0 ms     ● the STUN server sees 198.51.100.1:5000                   │
                 ┃ NAT   ╋ a new mapping   ╂ a mapping in use
      """
    #expect(Ladder(Self.question).text() == expected)
  }

  @Test("In words, each packet and report has a line")
  func words() {
    let expected = """
      0.0 ms: alice sends Binding request from 10.0.0.2:5000 to 203.0.113.9:3478; home changes \
      the source to 198.51.100.1:5000 by a new mapping; stun.example gets it at 9.0 ms.
      9.0 ms: stun.example sends Binding success 198.51.100.1:5000 from 203.0.113.9:3478 to \
      198.51.100.1:5000; home changes the destination to 10.0.0.2:5000; alice gets it at 18.0 ms.
      18.0 ms: alice: the STUN server sees 198.51.100.1:5000.
      """
    #expect(Ladder(Self.question).words() == expected)
  }

  @Test("Two NATs on the way have a line of faces each")
  func nested() {
    var net = Network(seed: 1)
    let cgn = net.place(.mobile, "cgn")
    let home = net.router("home", nat: .portRestrictedCone, behind: cgn)
    net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "hello", to: "203.0.113.9:7")))
    net.host("server", at: "203.0.113.9", running: ScriptEndpoint(port: 7))
    net.run(until: .seconds(400))
    let expected = """
                  alice               home                 cgn               server
                10.0.0.2           100.64.0.2         198.51.100.1         203.0.113.9
                    │                   ┃      "hello"      ┃                   │
         0.0 ms     ├───────────────────╋───────────────────╋──────────────────▶│
           from     │     10.0.0.2:5000 ┃ 100.64.0.2:5000   ┃                   │
           from     │                   ┃   100.64.0.2:5000 ┃ 198.51.100.1:1822 │
      300.001 s     │                   − 10.0.0.2:5000 ⇄ 100.64.0.2:5000 expired
      300.009 s 100.64.0.2:5000 ⇄ 198.51.100.1:1822 expired −                   │
                 ┃ NAT   ╋ a new mapping
      """
    #expect(Ladder(net.trace).text() == expected)
  }

  @Test("A hairpinned packet turns round at the NAT, and what is dropped has its reason")
  func hairpin() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host(
      "alice", behind: home,
      running: .script(.init(at: .zero, send: "open", to: "198.51.100.1:6000")))
    net.host(
      "bob", behind: home,
      running: ScriptEndpoint(
        port: 6000, [.init(at: .milliseconds(10), send: "hello", to: "198.51.100.1:5000")]))
    net.run()
    let expected = """
                  alice                         bob                          home
                10.0.0.2                     10.0.0.3                    198.51.100.1
                    │                         "open"                           ┃
         0.0 ms     ├────────────────────────────┼────────────────────────────✗┃
                ✗ home: no mapping has this outside port (RFC 4787 §4.1)       ┃
                    │                            │           "hello"           ┃
        10.0 ms     │                            ├────────────────────────────▶┃
                    │◀───────────────────────────┼─────────────────────────────┨
           from     │                        10.0.0.3:6000 ⇒ 198.51.100.1:6000 ┃
             to     │                        198.51.100.1:5000 ⇒ 10.0.0.2:5000 ┃
                 ┃ NAT   ✗ dropped or lost
      """
    #expect(Ladder(net.trace).text() == expected)
  }

  @Test("Where a link loses a packet the arrow ends half way")
  func lost() {
    var net = Network(seed: 1)
    var link = Link.cable
    link.loss = .independent(1)
    net.host("alice", running: .script(.init(at: .zero, send: "hello", to: "203.0.113.9:7")))
    net.host("server", at: "203.0.113.9", link: link, running: ScriptEndpoint(port: 7))
    net.run()
    let text = Ladder(net.trace).text()
    #expect(text.contains("✗ between Internet and server: lost on the link"))
    let arrow = text.split(separator: "\n").first { $0.contains("├") } ?? ""
    #expect(arrow.hasSuffix("─✗"))
  }

  @Test("A packet that is on its way when the trace ends has an arrow without a head")
  func onTheWay() {
    var net = Network(seed: 1)
    let home = net.router("home", nat: .portRestrictedCone)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run(until: .milliseconds(1))
    let text = Ladder(net.trace).text()
    #expect(text.contains("├─"))
    #expect(!text.contains("▶") && !text.contains("✗"))
    #expect(Ladder(net.trace).words().hasSuffix("; it is on its way."))
  }

  @Test(
    "Every line keeps to the width, and every packet has an arrow or a line",
    arguments: HolePunching.Behavior.all, [60, 80, 120])
  func widths(behavior: HolePunching.Behavior, width: Int) {
    var scenario = HolePunching(behavior.configuration, .symmetric)
    _ = scenario.run()
    let trace = scenario.network.trace
    let lines = Ladder(trace).text(width: width).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
    #expect(lines.allSatisfy { $0.last != " " })
    let sent = trace.events.count { if case .sent = $0.kind { true } else { false } }
    #expect(lines.count { $0.contains("├") || $0.contains("┤") } == sent)
    let sentences = Ladder(trace).words().split(separator: "\n")
    #expect(sentences.count { $0.contains(" sends ") } == sent)
  }

  @Test("A ladder with more columns than fit is told in words")
  func tooMany() {
    var net = Network(seed: 1)
    for number in 0..<10 {
      net.host(
        "host \(number)",
        running: .script(.init(at: .zero, send: "hello", to: "198.51.100.1:5000")))
    }
    net.run()
    #expect(Ladder(net.trace).text() == Ladder(net.trace).words())
    #expect(Ladder(net.trace).text(width: 160) != Ladder(net.trace).words())
  }

  /// A phone's network with a home behind it, a data center and a server.
  private static var town: Trace {
    var net = Network(seed: 1)
    let cgn = net.place(.mobile, "cgn")
    let home = net.router("home", nat: .portRestrictedCone, behind: cgn)
    net.host("alice", behind: home, running: .stunClient(of: "203.0.113.9:3478"))
    net.place(.dataCenter)
    net.host("stun.example", at: "203.0.113.9", running: .stunServer)
    net.run(until: .seconds(700))
    return net.trace
  }

  @Test("The topology is a tree with addresses, and how each NAT behaves")
  func topology() {
    let expected = """
      Internet
      ├─ cgn           NAT       198.51.100.1 ┃ 100.64.0.1
      │  │             mapping: endpoint-independent
      │  │             filtering: endpoint-independent
      │  └─ home       NAT       100.64.0.2 ┃ 10.0.0.1
      │     │          mapping: endpoint-independent
      │     │          filtering: address and port-dependent
      │     └─ alice   host      10.0.0.2
      ├─ data center   firewall  198.19.1.1
      └─ stun.example  host      203.0.113.9
      """
    #expect(Topology(Self.town).text() == expected)
    #expect(
      Topology(Self.town).words().split(separator: "\n")[2]
        == "alice is a host behind home at 10.0.0.2.")
  }

  @Test("The tables at a moment mark the mapping that it has changed")
  func tables() throws {
    let trace = Self.town
    let moments = trace.events.indices.filter { index in
      if case .table(.refreshed) = trace.events[index].kind { return false }
      if case .table = trace.events[index].kind { return true }
      return false
    }
    let page = TablePage(trace)
    let expected = [
      """
      cgn at 0.5 ms
        (no mappings)

      home at 0.5 ms
        protocol  inside         outside          to   from              expires in
      + UDP       10.0.0.2:5000  100.64.0.2:5000  any  203.0.113.9:3478  300 s
      """,
      """
      cgn at 8.5 ms
        protocol  inside           outside            to   from  expires in
      + UDP       100.64.0.2:5000  198.51.100.1:1822  any  any   300 s

      home at 8.5 ms
        protocol  inside         outside          to   from              expires in
        UDP       10.0.0.2:5000  100.64.0.2:5000  any  203.0.113.9:3478  299.992 s
      """,
      """
      cgn at 300.001 s
        protocol  inside           outside            to   from  expires in
        UDP       100.64.0.2:5000  198.51.100.1:1822  any  any   0.008 s

      home at 300.001 s
        protocol  inside         outside          to   from              expires in
      − UDP       10.0.0.2:5000  100.64.0.2:5000  any  203.0.113.9:3478  0 s
      """,
      """
      cgn at 300.009 s
        protocol  inside           outside            to   from  expires in
      − UDP       100.64.0.2:5000  198.51.100.1:1822  any  any   0 s

      home at 300.009 s
        (no mappings)
      """,
    ]
    #expect(moments.map { page.text(at: $0) } == expected)
  }

  @Test("The matrix is a table, and in words a line for each pair")
  func matrix() {
    let matrix = Matrix.holePunching()
    let expected = """
            bob    │ EIM   EIM   EIM   │ ADM   ADM   ADM   │ APDM  APDM  APDM
      alice        │ EIF   ADF   APDF  │ EIF   ADF   APDF  │ EIF   ADF   APDF
      ─────────────┼───────────────────┼───────────────────┼───────────────────
      EIM   EIF    │ ●     ●     ●     │ ●     ●     ●     │ ●     ●     ●
      EIM   ADF    │ ●     ●     ●     │ ●     ●     ●     │ ●     ●     ●
      EIM   APDF   │ ●     ●     ●     │ →     ·     ·     │ →     ·     ·
      ─────────────┼───────────────────┼───────────────────┼───────────────────
      ADM   EIF    │ ●     ●     ←     │ ●     ●     ←     │ ●     ●     ←
      ADM   ADF    │ ●     ●     ·     │ ●     ·     ·     │ ●     ·     ·
      ADM   APDF   │ ●     ●     ·     │ →     ·     ·     │ →     ·     ·
      ─────────────┼───────────────────┼───────────────────┼───────────────────
      APDM  EIF    │ ●     ●     ←     │ ●     ●     ←     │ ●     ●     ←
      APDM  ADF    │ ●     ●     ·     │ ●     ·     ·     │ ●     ·     ·
      APDM  APDF   │ ●     ●     ·     │ →     ·     ·     │ →     ·     ·

      ● both hear each other   → only bob hears   ← only alice hears   · neither hears
      M mapping, F filtering: EI endpoint-independent, AD address-dependent,
      APD address and port-dependent (RFC 4787 §4.1, §5)
      """
    #expect(matrix.text() == expected)
    let lines = matrix.words().split(separator: "\n")
    #expect(lines.count == 81)
    #expect(lines[21] == "EIM/APDF and ADM/EIF: only bob hears alice")
  }

  @Test("A behavior is found by its short name", arguments: HolePunching.Behavior.all)
  func names(behavior: HolePunching.Behavior) {
    #expect(HolePunching.Behavior(named: behavior.name) == behavior)
    #expect(HolePunching.Behavior(named: behavior.name.lowercased()) == behavior)
    #expect(HolePunching.Behavior(named: behavior.name + "X") == nil)
  }
}
