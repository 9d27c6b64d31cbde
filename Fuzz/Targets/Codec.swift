internal import STUNCodec

func decodeEverything(_ bytes: [UInt8]) {
  _ = PacketKind(bytes)
  _ = try? ChannelDataView(bytes.span.bytes)
  guard let message = try? STUNMessage(bytes) else { return }
  _ = try? message.mappedAddress
  _ = try? message.xorMappedAddress
  _ = try? message.alternateServer
  _ = try? message.username
  _ = try? message.realm
  _ = try? message.nonce
  _ = try? message.software
  _ = try? message.errorCode
  _ = try? message.errorReason
  _ = try? message.unknownAttributes
  _ = try? message.priority
  _ = try? message.useCandidate
  _ = try? message.iceControlled
  _ = try? message.channelNumber
  _ = try? message.lifetime
  _ = try? message.xorPeerAddresses
  _ = try? message.xorRelayedAddress
  _ = try? message.requestedAddressFamily
  _ = try? message.evenPortReservesNext
  _ = try? message.addressErrorCode
  _ = try? message.icmp
  _ = try? message.changeRequest
  _ = try? message.responsePort
  _ = try? message.userhash
  _ = try? message.passwordAlgorithms
  _ = try? message.passwordAlgorithm
  _ = try? message.alternateDomain
  _ = try? message.accessToken
  _ = try? message.transmitCounter
  _ = try? message.iceControlling
  _ = try? message.requestedTransport
  _ = try? message.dontFragment
  _ = try? message.reservationToken
  _ = try? message.additionalAddressFamily
  _ = try? message.connectionID
  _ = try? message.responseOrigin
  _ = try? message.otherAddress
  _ = try? message.cacheTimeout
  _ = try? message.ecnCheck
  _ = try? message.thirdPartyAuthorization
  for attribute in message.allAttributes {
    precondition(message.has(attribute.type) == (message.value(of: attribute.type) != nil))
  }
  _ = message.unknownComprehensionRequired()
  _ = message.attributes
  _ = message.unknownAttributeResponse()
}

func encodeAgain(_ bytes: [UInt8]) {
  guard let message = try? STUNMessage(bytes) else { return }
  let attributes = message.attributes
  let again = try? STUNMessage.encode(
    message.type, transactionID: message.transactionID
  ) { (copy: inout STUNMessageBuilder) throws(STUNEncodingError) in
    for attribute in attributes { try copy.append(attribute.type, bytes: attribute.value) }
  }
  // What a receiver heeds can be written in the order in which it stands.
  guard let again, let second = try? STUNMessage(again) else {
    fatalError("what was read cannot be written again")
  }
  precondition(second.type == message.type && second.transactionID == message.transactionID)
  precondition(
    second.attributes.map(\.type) == attributes.map(\.type)
      && second.attributes.map(\.value) == attributes.map(\.value))
}

private let keys = [
  MessageIntegrityKey(shortTermPassword: "VOkJxbRl1RmTxUk/WvJxBt"),
  MessageIntegrityKey(username: "user", realm: "example.org", password: "pass"),
]

func checkIntegrity(_ bytes: [UInt8]) {
  guard let message = try? STUNMessage(bytes) else { return }
  for key in keys {
    _ = message.verifyMessageIntegrity(with: key)
    for count in 0...36 { _ = message.verifyMessageIntegritySHA256(with: key, byteCount: count) }
  }
  _ = message.verifyFingerprint()
  // Protected by us, it must verify, whatever is in it.
  let protected = try? STUNMessage.encode(
    message.type, transactionID: message.transactionID
  ) { (copy: inout STUNMessageBuilder) throws(STUNEncodingError) in
    for attribute in message.attributes {
      switch attribute.type {
      case .messageIntegrity, .messageIntegritySHA256, .fingerprint: continue
      default: try copy.append(attribute.type, bytes: attribute.value)
      }
    }
    try copy.appendMessageIntegrity(keys[0])
    try copy.appendFingerprint()
  }
  guard let protected, let own = try? STUNMessage(protected) else { return }
  precondition(own.verifyMessageIntegrity(with: keys[0]) == .verified)
  precondition(own.verifyMessageIntegrity(with: keys[1]) == .wrong)
  precondition(own.verifyFingerprint() == .verified)
}

func frameInPieces(_ bytes: [UInt8]) {
  // The first byte says how long the pieces are; however they are cut, the frames are the same.
  guard let size = bytes.first.map({ Int($0) + 1 }) else { return }
  let stream = Array(bytes.dropFirst())
  let whole = frames(of: stream, inPiecesOf: max(stream.count, 1))
  let pieces = frames(of: stream, inPiecesOf: size)
  precondition(whole == pieces)
}

private func frames(of stream: [UInt8], inPiecesOf size: Int) -> [[UInt8]] {
  var reassembler = StreamReassembler()
  var frames: [[UInt8]] = []
  var start = 0
  while start < stream.count {
    let end = min(start + size, stream.count)
    reassembler.received(stream.span.bytes.extracting(start..<end))
    start = end
    while let frame = try? reassembler.next() {
      _ = try? STUNMessage(frame)
      _ = try? ChannelDataView(frame.span.bytes)
      frames.append(frame)
    }
  }
  return frames
}
