import Testing

@testable import Terminal

@Suite struct OutputTests {
  /// Every combination of what the decision rests on, against the rules said in another way.
  @Test("Colour, emphasis and plainness follow the rules in every combination")
  func decisions() {
    let terms: [String?] = [nil, "", "dumb", "xterm-256color"]
    let switches: [String?] = [nil, "", "1"]
    for isTerminal in [false, true] {
      for term in terms {
        for noColour in switches {
          for accessible in switches {
            for plainOption in [false, true] {
              for colour in ColourChoice.allCases {
                var environment: [String: String] = [:]
                environment["TERM"] = term
                environment["NO_COLOR"] = noColour
                environment["ACCESSIBLE"] = accessible
                let made = Presentation(
                  environment: environment, isTerminal: isTerminal, colour: colour,
                  plain: plainOption)
                let rich =
                  isTerminal && term == "xterm-256color" && accessible != "1" && !plainOption
                #expect(made.plain == !rich)
                let wantsColour = colour == .always || (colour == .auto && rich && noColour != "1")
                let wantsEmphasis = colour == .always || (colour == .auto && rich)
                #expect(made.colour == wantsColour, "\(environment) \(isTerminal) \(colour)")
                #expect(made.emphasis == wantsEmphasis, "\(environment) \(isTerminal) \(colour)")
              }
            }
          }
        }
      }
    }
  }

  @Test(
    "The width is COLUMNS if sane, then the terminal's, then 80",
    arguments: [
      ("100", 60, 100), ("20", nil, 20), ("1000", nil, 1000), ("19", 60, 60), ("1001", 60, 60),
      ("0", nil, 80), ("-5", nil, 80), ("wide", 60, 60), ("", 60, 60),
      ("99999999999999999999", 60, 60),
      (nil, 60, 60), (nil, 0, 80), (nil, 7, 20), (nil, 65535, 1000), (nil, nil, 80),
    ] as [(String?, Int?, Int)])
  func width(columns: String?, terminal: Int?, width: Int) {
    var environment: [String: String] = [:]
    environment["COLUMNS"] = columns
    let made = Presentation(environment: environment, isTerminal: true, terminalWidth: terminal)
    #expect(made.width == width)
    #expect(made.proseWidth == min(width, 88))
  }

  @Test(
    "The first of LC_ALL, LC_CTYPE and LANG that is set names the encoding",
    arguments: [
      (nil, nil, nil, false), (nil, nil, "C", false), (nil, nil, "en_GB.UTF-8", true),
      (nil, nil, "C.utf8", true), (nil, nil, "de_DE.UTF-8@euro", true),
      (nil, nil, "de_DE.ISO-8859-1", false), (nil, "C.UTF-8", "C", true),
      (nil, "C", "C.UTF-8", false), ("C", "C.UTF-8", "C.UTF-8", false),
      ("", "", "en_GB.UTF-8", true), ("POSIX", nil, "C.UTF-8", false), (nil, nil, ".", false),
    ] as [(String?, String?, String?, Bool)])
  func encoding(all: String?, ctype: String?, lang: String?, unicode: Bool) {
    var environment: [String: String] = [:]
    environment["LC_ALL"] = all
    environment["LC_CTYPE"] = ctype
    environment["LANG"] = lang
    #expect(Presentation(environment: environment, isTerminal: true).unicode == unicode)
  }

  @Test("Plain output uses words, other output the symbols its encoding has")
  func symbols() {
    #expect(Presentation(plain: true).symbols == .words)
    #expect(Presentation(plain: false).symbols == .unicode)
    #expect(Presentation(plain: false, unicode: false).symbols == .ascii)
  }

  @Test("A pipe is no terminal and has no width")
  func descriptor() {
    withPipe { _, writing in
      #expect(Presentation.columns(of: writing) == nil)
      let made = Presentation(descriptor: writing, environment: ["TERM": "xterm"])
      #expect(made.plain && !made.colour && made.width == 80)
    }
  }

  @Test("The process's environment is read")
  func environment() {
    #expect(processEnvironment()["PATH"]?.isEmpty == false)
  }

  @Test("Every role looks different from plain text or says why not, and colours stay readable")
  func theme() {
    for role in TextRole.allCases where role != .plain {
      #expect(Theme.appearance(of: role) != Appearance(), "\(role)")
      let colour = Theme.appearance(of: role).foreground
      #expect(colour != .black && colour != .white && colour != .brightWhite)
    }
  }
}
