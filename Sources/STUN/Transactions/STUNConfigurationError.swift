public import STUNCodec

/// A parameter that the caller has given and that cannot be used.
public enum STUNConfigurationError: Error, Hashable, Sendable {
  /// An RTO outside 1 ms to 60 s.
  case rtoOutOfRange(Duration)
  /// Rc, the number of sends, outside 1 to 30.
  case sendCountOutOfRange(Int)
  /// Rm, the factor of the last wait, outside 1 to 1 048 576.
  case lastWaitFactorOutOfRange(Int)
  /// Ti, the timeout over a stream, that is not positive.
  case streamTimeoutOutOfRange(Duration)
  /// Ta, the interval between new transactions, that is not positive.
  case pacingOutOfRange(Duration)
  /// A capacity below 1.
  case capacityOutOfRange(Int)
  /// An alternate address that does not differ from the primary in both address and port, or is of
  /// another family.
  case wrongAlternateAddress
  /// A secret for nonces of fewer than 16 bytes.
  case secretTooShort(byteCount: Int)
  /// A longest idle time below 1 s.
  case longestOutOfRange(Duration)
  /// A resolution that is not positive.
  case resolutionOutOfRange(Duration)
  /// A user name, realm or password that OpaqueString does not take.
  case cannotPrepare(OpaqueStringError)
  /// An algorithm that no key can be derived with.
  case unsupportedAlgorithm(PasswordAlgorithm)
  /// A text that does not fit its attribute.
  case cannotEncode(STUNEncodingError)
}

extension STUNConfigurationError: CustomStringConvertible {
  /// The parameter, what was given and what is possible.
  public var description: String {
    switch self {
    case .rtoOutOfRange(let rto): "an RTO of \(rto) cannot be used; 1 ms to 60 s can"
    case .sendCountOutOfRange(let count): "\(count) sends cannot be made; 1 to 30 can"
    case .lastWaitFactorOutOfRange(let factor):
      "the last wait cannot be \(factor) RTOs; 1 to 1048576 can be"
    case .streamTimeoutOutOfRange(let timeout): "the timeout \(timeout) is not positive"
    case .pacingOutOfRange(let interval): "the interval \(interval) is not positive"
    case .capacityOutOfRange(let capacity): "the capacity \(capacity) is below 1"
    case .wrongAlternateAddress:
      "the alternate address must differ in address and port, and be of the same family "
        + "(RFC 5780 §6)"
    case .secretTooShort(let count): "the secret has \(count) bytes; it needs 16 or more"
    case .longestOutOfRange(let longest): "the longest idle time \(longest) is below 1 s"
    case .resolutionOutOfRange(let resolution): "the resolution \(resolution) is not positive"
    case .cannotPrepare(let error): "\(error)"
    case .unsupportedAlgorithm(let algorithm): "no key can be derived with \(algorithm)"
    case .cannotEncode(let error): "\(error)"
    }
  }
}
