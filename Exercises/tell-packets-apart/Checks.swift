import STUNCodec
import Testing

@testable import Answer

@Suite struct TellPacketsApartChecks {
  @Test("A first byte from 0 to 3 is STUN")
  func stun() {
    #expect(
      kind(of: [0x00, 0x01, 0x00, 0x08], isFromRelay: false) == .stun, "00 01 is a Binding request")
    #expect(
      kind(of: [0x01, 0x01, 0x00, 0x0C], isFromRelay: true) == .stun,
      "01 01 is a Binding success response, and a relay sends STUN as well")
    #expect(kind(of: [3], isFromRelay: false) == .stun, "3 is the last one of STUN's")
    #expect(kind(of: [4], isFromRelay: false) == .unknown, "4 belongs to none of them")
  }

  @Test("A first byte from 20 to 63 is DTLS")
  func dtls() {
    #expect(
      kind(of: [22, 0xFE, 0xFD], isFromRelay: false) == .dtls, "22 opens a handshake of DTLS")
    #expect(kind(of: [20], isFromRelay: false) == .dtls, "20 is the first one of DTLS's")
    #expect(kind(of: [63], isFromRelay: true) == .dtls, "63 is the last one of DTLS's")
    #expect(kind(of: [19], isFromRelay: false) == .unknown, "19 is none of these four")
  }

  @Test("A voice packet is RTP, and a report is RTCP")
  func media() {
    #expect(
      kind(of: [0x80, 0x00, 0x00, 0x11], isFromRelay: false) == .rtp,
      "80 is 128, and the second byte, 0, is no report's")
    #expect(
      kind(of: [0x80, 200, 0x00, 0x06], isFromRelay: false) == .rtcp,
      "The second byte, 200, is from 192 to 223")
    #expect(
      kind(of: [0x80, 0x80, 0x00, 0x11], isFromRelay: false) == .rtp,
      "The second byte is 128: the packet carries RTP's marker")
    #expect(kind(of: [191, 223], isFromRelay: false) == .rtcp, "The last of both ranges")
    #expect(kind(of: [192, 200], isFromRelay: false) == .unknown, "192 is too much for the first")
  }

  @Test("ChannelData comes from the relay alone")
  func channelData() {
    #expect(
      kind(of: [0x40, 0x00, 0x00, 0xAC], isFromRelay: true) == .channelData,
      "40 is 64, and the relay has sent it: channel 0x4000")
    #expect(
      kind(of: [0x40, 0x00, 0x00, 0xAC], isFromRelay: false) == .unknown,
      "Bob has no channels with Alice: these are a relay's and its client's own numbers")
  }

  @Test("What is too short does not crash it")
  func short() {
    #expect(kind(of: [], isFromRelay: false) == .unknown, "UDP also brings packets of no bytes")
    #expect(kind(of: [0x80], isFromRelay: false) == .rtp, "There is no second byte to look at")
  }
}
