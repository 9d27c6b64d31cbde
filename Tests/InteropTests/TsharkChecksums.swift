import FoundationEssentials
import TestSupport
import Testing

/// What tshark says about the checksums in a capture: of IPv4 headers, UDP, TCP and ICMP, in whole
/// packets, in datagrams that came in fragments, and in what ICMP errors carry.
struct TsharkChecksums {
  /// How many checksums are right, by protocol.
  private(set) var good: [String: Int] = [:]
  /// The frames that have one that is wrong.
  private(set) var bad: [String] = []
  private(set) var frames = 0

  private static let protocols = ["ip", "udp", "tcp", "icmp"]
  /// What is said of a frame with a checksum that is wrong.
  private static let details = [
    "ip.src", "ip.dst", "ip.id", "tcp.seq_raw", "tcp.len", "tcp.flags.str", "tcp.checksum",
    "tcp.checksum_calculated",
  ]

  init(_ capture: String) throws {
    let preferences = ["ip", "udp", "tcp"].flatMap { ["-o", "\($0).check_checksum:TRUE"] }
    let fields =
      ["frame.number"] + Self.protocols.map { "\($0).checksum.status" } + Self.details
    let result = try Program.run(
      "tshark",
      ["-r", capture] + preferences + ["-o", "ip.defragment:TRUE", "-T", "fields"]
        + fields.flatMap { ["-e", $0] }, seconds: 100)
    guard result.exitCode == 0 else {
      throw TestNetwork.Failure(description: result.errorOutput)
    }
    for line in result.output.split(separator: "\n") {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
      frames += 1
      for (name, column) in zip(Self.protocols, columns.dropFirst()) {
        // 1 is good and 0 is bad; 2 is not verified, where an error carries only a part.
        let states = column.split(separator: ",")
        good[name, default: 0] += states.count { $0 == "1" }
        if states.contains("0") {
          let details = columns.suffix(Self.details.count).joined(separator: " ")
          bad.append("frame \(columns[0]): \(name): \(details)")
        }
      }
    }
  }
}
