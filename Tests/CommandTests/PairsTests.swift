import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `workbook pairs`, with the descriptions of browsers that the tests of `PairTable` have.
@Suite struct PairsTests {
  static func data(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
      + "/PairTableTests/Data/\(name).sdp"
  }

  private static let files = [data("chromium-offer"), data("firefox-answer")]

  @Test("Candidates, checklist and what is not in it, in the columns of the terminal")
  func page() throws {
    for width in ["80", "130"] {
      let result = try Program.runInTerminal(
        ["pairs", "--color", "never"] + Self.files, environment: ["COLUMNS": width])
      #expect(result.exitCode == 0)
      let columns = Int(width) ?? 0
      #expect(result.output.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= columns })
      #expect(result.output.contains("The checklists of the offerer, which is controlling"))
      #expect(result.output.contains("priorities by Firefox"))
      #expect(result.output.contains("goes over the transport of data stream 0 (RFC 9143 §7.2)"))
      #expect(result.output.contains("both open, and neither listens (RFC 6544 §6.2)"))
    }
  }

  @Test("The answerer prunes by its own bases")
  func answerer() throws {
    let result = try Program.run(
      ["pairs", "--answerer"] + Self.files, environment: ["COLUMNS": "160"])
    #expect(result.exitCode == 0)
    #expect(result.output.contains("The checklists of the answerer, which is controlled"))
    #expect(result.output.contains("sent from the base 192.168.1.20:50101"))
  }

  @Test(
    "Its JSON is what is documented, with names in place of addresses, too",
    arguments: [
      ("chromium-offer", "firefox-answer"), ("chromium-mdns-offer", "firefox-mdns-answer"),
    ])
  func json(offer: String, answer: String) throws {
    let result = try Program.run(["pairs", "--json", Self.data(offer), Self.data(answer)])
    #expect(result.exitCode == 0)
    let problems = try JSONSchema.documented().problems(
      of: try JSONValue(result.output), in: "pairs")
    #expect(problems == [])
  }

  @Test("The offer may come from standard input, and both may not")
  func standardInput() throws {
    let result = try Program.run(
      "sh", ["-c", "\"$0\" pairs - '\(Self.files[1])' <'\(Self.files[0])'", Program.executable])
    #expect(result.exitCode == 0)
    #expect(try Program.run(["pairs", "-", "-"]).exitCode == 64)
  }

  @Test("What cannot be read is one line with file, line and column, and exit code 65")
  func badData() throws {
    let result = try Program.run(
      "sh",
      [
        "-c", "printf 'candidate:1 1 UDP x' | \"$0\" pairs - '\(Self.files[1])'",
        Program.executable,
      ])
    #expect(result.exitCode == 65)
    #expect(result.output == "")
    #expect(
      result.errorOutput
        == "standard input:1:19: expected a priority from 1 to 2147483647 (RFC 8839 §5.1)\n")
    #expect(try Program.run(["pairs", "/nowhere/offer", Self.files[1]]).exitCode == 69)
  }

  @Test("Where no pair can work it says so and ends with 1")
  func hopeless() throws {
    let result = try Program.run(
      "bash",
      [
        "-c",
        """
        "$0" pairs <(echo candidate:1 1 UDP 9 2001:db8::1 5000 typ host) \
          <(echo candidate:1 1 UDP 9 192.0.2.1 5000 typ host)
        """, Program.executable,
      ])
    #expect(result.exitCode == 1, "\(result)")
    #expect(result.output.contains("IPv4 and IPv6 (RFC 8445 §6.1.2.2)"))
    #expect(result.output.contains("No pair can work"))
  }
}
