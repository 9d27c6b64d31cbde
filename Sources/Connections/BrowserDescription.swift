public import ICE
import TLS
import TransportAddress

/// A session description around an ICE description, as a browser's `RTCPeerConnection` takes it.
///
/// It offers, or accepts, one data channel over DTLS and SCTP (RFC 8841), which a browser begins when ICE
/// has connected. Who speaks no DTLS gets no further than that: the fingerprint is that of no
/// certificate.
/// ```
/// v=0                                                   (RFC 8866 §5)
/// o=- 4611686018427387904 1 IN IP4 0.0.0.0
/// s=-
/// t=0 0
/// a=group:BUNDLE 0
/// m=application 9 UDP/DTLS/SCTP webrtc-datachannel      the one data stream
/// c=IN IP4 0.0.0.0
/// a=mid:0
/// …                                                     what ICE says
/// a=sctp-port:5000
/// a=setup:actpass                                       the offerer leaves the DTLS role open
/// a=fingerprint:sha-256 4A:AD:…
/// ```
public struct BrowserDescription: Hashable, Sendable {
  /// Why an offer cannot be answered.
  public enum OfferProblem: Error, Hashable, Sendable {
    /// It has another number of data streams than one.
    case streams(Int)
    /// Its data stream is something else than a data channel; its `m=` line behind the `=`.
    case media(String)
  }

  private let ice: ICEDescription
  private let mid: String?
  private let isAnswer: Bool
  private let session: UInt64
  private let fingerprint: [UInt8]

  /// An offer.
  public init(offering ice: ICEDescription, using generator: inout some RandomNumberGenerator) {
    self.init(ice, mid: "0", isAnswer: false, using: &generator)
  }

  /// The answer to an offer.
  ///
  /// - Throws: for an offer of anything but one data channel.
  public init(
    answering offer: ICEDescription, with ice: ICEDescription,
    using generator: inout some RandomNumberGenerator
  ) throws(OfferProblem) {
    guard offer.streams.count == 1 else { throw .streams(offer.streams.count) }
    guard offer.streams[0].media.hasSuffix(" webrtc-datachannel") else {
      throw .media(offer.streams[0].media)
    }
    self.init(ice, mid: offer.streams[0].mid, isAnswer: true, using: &generator)
  }

  private init(
    _ ice: ICEDescription, mid: String?, isAnswer: Bool,
    using generator: inout some RandomNumberGenerator
  ) {
    self.ice = ice
    self.mid = mid
    self.isAnswer = isAnswer
    // A number below 2⁶³ − 1 (RFC 9429 §5.2.1).
    session = generator.next() >> 2
    fingerprint = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

extension BrowserDescription: CustomStringConvertible {
  /// The lines, each with CR LF.
  public var description: String {
    var ice = ice
    for index in ice.streams.indices {
      ice.streams[index].media = "application 9 UDP/DTLS/SCTP webrtc-datachannel"
      // None yet, which port 9 goes with (RFC 8839 §4.2.5).
      ice.streams[index].connection = .v4(IPv4Address(rawValue: 0))
      ice.streams[index].mid = mid
      // Browsers look for credentials at the media level (RFC 9429 §5.2.1).
      ice.streams[index].level = ice.session
    }
    ice.session = .init()
    let head =
      ["v=0", "o=- \(session) 1 IN IP4 0.0.0.0", "s=-", "t=0 0"]
      + (mid.map { ["a=group:BUNDLE \($0)"] } ?? [])
    let tail = [
      "a=sctp-port:5000",
      // Who answers has to choose, and lets the browser begin (RFC 8842 §5.3).
      "a=setup:\(isAnswer ? "passive" : "actpass")",
      "a=fingerprint:sha-256 \(CertificateFingerprint.text(fingerprint))",
    ]
    func text(_ lines: [String]) -> String { lines.map { $0 + "\r\n" }.joined() }
    return text(head) + ice.description + text(tail)
  }
}

extension BrowserDescription.OfferProblem: CustomStringConvertible {
  /// What is wrong with the offer.
  public var description: String {
    switch self {
    case .streams(let count):
      "it has \(count) m= lines, and only one data channel can be answered"
    case .media(let line): "m=\(line) is no data channel, and only that can be answered"
    }
  }
}
