import FoundationEssentials
import ICE
import PairTable
import TransportAddress

/// The descriptions in `Data`: browsers' own, with addresses for documentation.
func browser(_ name: String) throws -> SignaledSide {
  let path = URL(filePath: #filePath).deletingLastPathComponent().path + "/Data/\(name).sdp"
  return try SignaledSide(
    parsing: String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self))
}

/// A side of candidate lines, without the word before each.
func side(_ lines: String...) throws -> SignaledSide {
  try SignaledSide(parsing: lines.map { "candidate:\($0)" }.joined(separator: "\n"))
}

extension PairTable {
  /// The first component of the first data stream.
  var component: Component { streams[0].components[0] }
}

extension PairTable.Component {
  /// The checklist as `local-remote`, by the candidates' numbers.
  var order: [String] { checklist.map { "\($0.local)-\($0.remote)" } }

  /// The verdict on two candidates, by their numbers.
  func verdict(_ local: Int, _ remote: Int) -> PairVerdict? {
    combinations.first { $0.local == local && $0.remote == remote }?.verdict
  }
}
