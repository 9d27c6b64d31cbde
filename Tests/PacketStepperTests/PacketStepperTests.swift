import NATTable
import Simulator
import Terminal
import Testing

@testable import PacketStepper

@Suite struct PacketStepperTests {
  // MARK: - Moving

  @Test("Stepped to the end and back, each moment shows the same screen both ways")
  func bothWays() {
    var stepper = PacketStepper.on(.punching)
    var screens: [ScreenFrame] = []
    var tables: [[Trace.Table]] = []
    for index in 0..<stepper.trace.events.count {
      #expect(stepper.index == index)
      screens.append(stepper.frame)
      tables.append(stepper.trace.tables(at: stepper.index))
      if index + 1 < stepper.trace.events.count { stepper.press(.right) }
    }
    for index in stepper.trace.events.indices.reversed() {
      #expect(stepper.index == index)
      #expect(stepper.frame == screens[index])
      #expect(stepper.trace.tables(at: stepper.index) == tables[index])
      stepper.press(.left)
    }
    #expect(stepper.foot == "This is the first step.")
  }

  @Test("The tables of an excerpt begin as they were there")
  func excerpt() {
    var meeting = Meeting(home: .portRestrictedCone, cabin: .portRestrictedCone)
    meeting.say("Hello, Bob!", from: .alice, to: meeting.bob)
    meeting.run()
    let stepper = PacketStepper.on(meeting.trace)
    let tables = stepper.timeline.tables(at: 0, stepper.presentation).lines.map(\.text)
    #expect(tables.contains { $0.contains("UDP 10.0.0.2:5000 ⇄ 198.51.100.1:5000") })
    #expect(!tables.contains { $0.contains("no mappings") })
  }

  @Test("The first and the last step are a key away, and behind the last there is none")
  func ends() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("G"))
    #expect(stepper.index == stepper.trace.events.count - 1)
    stepper.press(.right)
    #expect(stepper.foot == "This is the last step.")
    stepper.press(.character("g"))
    #expect(stepper.index == 0)
  }

  @Test("']' goes to where the next packet is sent, and '[' back")
  func packets() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("]"))
    #expect(stepper.screen.contains("stun.example sends Binding success 198.51.100.1:5000"))
    stepper.press(.character("]"))
    #expect(stepper.foot == "No later packet.")
    stepper.press(.character("["))
    #expect(stepper.index == 0)
  }

  @Test("'f' follows one packet past all others, and 'b' follows it back")
  func follow() {
    var stepper = PacketStepper.on(.punching)
    stepper.press(.right)
    let packet = stepper.timeline.packet(at: stepper.index)
    var places: [Int] = []
    while true {
      let place = stepper.index
      stepper.press(.character("f"))
      guard stepper.index != place else { break }
      places.append(stepper.index)
      #expect(stepper.timeline.packet(at: stepper.index) == packet)
    }
    #expect(places.count >= 4)
    #expect(places.last! > places.count)
    #expect(stepper.foot == "Nothing more happens to this packet.")
    for _ in places { stepper.press(.character("b")) }
    #expect(stepper.timeline.packet(at: stepper.index) == packet)
    stepper.press(.character("b"))
    #expect(stepper.foot == "Here this packet begins.")
  }

  @Test("'d' and 'D' go through the drops, the later first and back")
  func drops() {
    var stepper = PacketStepper.on(.punching)
    let drops = stepper.trace.drops.map(\.index)
    #expect(drops.count > 2)
    for place in drops {
      stepper.press(.character("d"))
      #expect(stepper.index == place)
    }
    stepper.press(.character("d"))
    #expect(stepper.foot == "No later drop or loss.")
    for place in drops.dropLast().reversed() {
      stepper.press(.character("D"))
      #expect(stepper.index == place)
    }
  }

  @Test("'t' and 'T' go through the changes of tables, and the new mapping is marked")
  func tableChanges() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("t"))
    #expect(stepper.screen.contains("home makes a mapping, 10.0.0.2:5000 ⇄ 198.51.100.1:5000"))
    #expect(stepper.screen.contains("+ UDP 10.0.0.2:5000 ⇄ 198.51.100.1:5000"))
    stepper.press(.right)
    #expect(!stepper.screen.contains("+ UDP"))
    #expect(stepper.screen.contains("UDP 10.0.0.2:5000 ⇄ 198.51.100.1:5000"))
    stepper.press(.character("T"))
    #expect(stepper.screen.contains("+ UDP"))
    stepper.press(.character("T"))
    #expect(stepper.foot == "No earlier change of a table.")
  }

  // MARK: - What a moment shows

  @Test("An arrow grows with the steps, and what is to come is not shown")
  func growing() {
    var stepper = PacketStepper.on(.question)
    #expect(!stepper.screen.contains("▶"))
    #expect(stepper.screen.contains("> "))
    for _ in 0..<4 { stepper.press(.character("f")) }
    #expect(stepper.screen.contains("stun.example gets the packet"))
    #expect(stepper.screen.contains("▶"))
    #expect(!stepper.screen.contains("◀"))
  }

  @Test("The bytes of a packet are read header by header down to STUN's attributes")
  func bytes() {
    let trace = Trace.question
    let presentation = Presentation(plain: false, width: 80)
    let response = Timeline(trace).count - 2
    let lines = Timeline(trace).bytes(at: response, presentation).lines.map(\.text)
    for field in [
      "IPv4", "0009  11           Protocol: UDP", "UDP", "STUN",
      "0014  0D 96        Source Port: 3478",
    ] {
      #expect(lines.contains { $0.contains(field) }, "\(field)")
    }
    #expect(lines.contains { $0.contains("XOR-MAPPED-ADDRESS") })
    #expect(lines.contains { $0.contains("198.51.100.1") })
    #expect(!lines.contains { $0.contains("wrong") })
  }

  @Test("Where a router translates, the changed fields are marked, with what they were")
  func translation() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("t"), .right)
    #expect(stepper.screen.contains("translates the source 10.0.0.2:5000 → 198.51.100.1:5000"))
    #expect(stepper.screen.contains("≠ 000C  C6 33 64 01"))
    #expect(stepper.screen.contains("Source Address: 198.51.100.1 (was 10.0.0.2)"))
  }

  @Test("A dropped packet has the reason on the screen")
  func reason() {
    var stepper = PacketStepper.on(.punching)
    stepper.press(.character("d"))
    #expect(stepper.screen.contains("drops the packet: "))
    #expect(stepper.screen.contains("✗"))
  }

  @Test("What a program reports is marked in the ladder where it stands")
  func report() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.end)
    #expect(stepper.screen.contains("alice: the STUN server sees 198.51.100.1:5000"))
    #expect(stepper.frame.lines.contains { $0.text.hasPrefix(">") && $0.text.contains("●") })
  }

  // MARK: - Search

  @Test("A search goes to the next step with the words, in any case, and on with '.' and ','")
  func search() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("/"))
    stepper.type("SUCCESS")
    #expect(stepper.foot == "/SUCCESS")
    #expect(stepper.frame.cursor?.row == 23)
    stepper.press(.enter)
    let found = stepper.index
    #expect(stepper.screen.contains("sends Binding success"))
    stepper.press(.character("."))
    #expect(stepper.index > found)
    stepper.press(.character(","))
    #expect(stepper.index == found)
    stepper.press(.character(","))
    #expect(stepper.foot == "No earlier step has 'SUCCESS'.")
  }

  @Test("A search that is left, or has no words, goes nowhere")
  func noSearch() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("/"), .character("q"), .escape)
    #expect(stepper.index == 0)
    stepper.press(.character("/"), .enter)
    #expect(stepper.foot == "Nothing was searched; '/' begins a search.")
  }

  // MARK: - Leaving, and the size of the screen

  @Test(
    "q, Ctrl-C and the end of input quit from where they are",
    arguments: [TerminalKey.character("q"), .control("c"), .endOfInput])
  func quit(key: TerminalKey) {
    var stepper = PacketStepper.on(.question)
    #expect(stepper.pressed(key) == .quit)
  }

  @Test("In a search q is a letter, and Ctrl-C quits all the same")
  func quitInSearch() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.character("/"))
    #expect(stepper.pressed(.character("q")) == nil)
    #expect(stepper.pressed(.control("c")) == .quit)
  }

  @Test(
    "Each screen has as many lines as rows, and none is too wide",
    arguments: [(24, 80), (24, 40), (40, 120), (50, 200), (8, 60), (3, 30), (2, 20), (1, 10)])
  func sizes(rows: Int, columns: Int) {
    var stepper = PacketStepper.on(.punching, rows: rows, columns: columns)
    for _ in 0..<30 {
      stepper.press(.right)
      for keys: [TerminalKey] in [[], [.tab], [.tab], [.character("z")], [.character("z")]] {
        for key in keys { stepper.press(key) }
        let lines = stepper.frame.lines
        #expect(lines.count == rows)
        #expect(lines.allSatisfy { $0.displayWidth <= columns })
      }
      stepper.press(.tab)
    }
  }

  @Test("A pane is scrolled where it has the focus, and zoomed it has the screen")
  func panes() {
    var stepper = PacketStepper.on(.question)
    stepper.press(.tab)
    #expect(stepper.screen.contains("* Bytes of packet 1: Binding request"))
    let before = stepper.screen
    stepper.press(.up, .up)
    #expect(stepper.screen != before)
    stepper.press(.down, .down)
    #expect(stepper.screen == before)
    stepper.press(.character("z"))
    #expect(!stepper.screen.contains("NAT tables"))
    #expect(stepper.screen.contains("Destination Address: 203.0.113.9"))
    stepper.press(.escape)
    #expect(stepper.screen == before)
  }

  @Test("Help lists the keys, and another key goes back")
  func help() {
    var stepper = PacketStepper.on(.question)
    let before = stepper.frame
    stepper.press(.character("?"))
    #expect(stepper.screen.contains("the packet before and after this router"))
    stepper.press(.escape)
    #expect(stepper.frame == before)
  }

  @Test("A network in which nothing happened has a screen, and no step")
  func empty() {
    var stepper = PacketStepper.on(Network(seed: 1).trace)
    stepper.press(.right, .character("d"), .character("x"), .down, .tab, .character("z"))
    #expect(stepper.screen.contains("Nothing has happened."))
    #expect(stepper.pressed(.character("q")) == .quit)
  }

  @Test("Without Unicode the ladder is in words")
  func words() {
    var stepper = PacketStepper.on(.question, unicode: false)
    stepper.press(.right)
    #expect(stepper.screen.contains("> 0.0 ms: alice sends Binding request from 10.0.0.2:5000"))
  }
}
