public import ICE
public import TransportAddress

/// A candidate of one side, with what can be read off its line.
public struct CandidateRow: Hashable, Sendable {
  /// Its number among the side's candidates of the component, from 1.
  public var number: Int
  /// The line.
  public var attribute: CandidateAttribute
  /// The fields of its priority.
  public var terms: PriorityTerms
  /// The formula of its author.
  public var formula: PriorityFormula
  /// Where its checks are sent from.
  public var base: Base

  /// The address from which an agent sends for a candidate.
  public enum Base: Hashable, Sendable {
    /// The candidate's own address: host candidates and relayed ones.
    case itself
    /// The related address of a reflexive candidate.
    case told(TransportAddress)
    /// A reflexive candidate's, and the line does not tell it.
    case hidden
  }

  init(_ attribute: CandidateAttribute, number: Int, formula: PriorityFormula) {
    self.attribute = attribute
    self.number = number
    self.formula = formula
    terms = PriorityTerms(attribute.priority)
    if !attribute.type.isReflexive {
      base = .itself
    } else if let related = attribute.relatedAddress, related.port != 0,
      related.address.classification != .unspecified
    {
      base = .told(related)
    } else {
      base = .hidden
    }
  }

  /// What the type preference says; nil for a value that the formula does not have.
  public var typeMeaning: String? { terms.typeMeaning(by: formula) }

  /// What the local preference says; nil where the formula says nothing about it.
  public var localMeaning: String? { terms.localMeaning(of: attribute, by: formula) }

  /// Whether the lowest byte is not 256 less the component ID.
  public var hasOtherComponent: Bool { terms.component != attribute.component.rawValue }

  /// Whether the address has a zone behind it.
  var hasZone: Bool { if case .zoned = attribute.host { true } else { false } }

  /// The address; nil where a name stands in its place, or a zone behind it.
  public var address: TransportAddress? {
    guard case .address(let address) = attribute.host else { return nil }
    return TransportAddress(address, port: attribute.port)
  }

  /// The IP version; nil where a name hides it.
  public var family: AddressFamily? {
    address?.address.family ?? terms.family(by: formula)
  }

  /// The class of the address; nil for a name.
  var kind: AddressClass? { address?.address.classification }

  /// The address from which packets come to the peer's network; nil where it is not told.
  var baseAddress: TransportAddress? {
    switch base {
    case .itself: address
    case .told(let address): address
    case .hidden: nil
    }
  }

  /// The address or the name, with the port.
  public var place: String {
    switch attribute.host {
    case .address(let host): "\(TransportAddress(host, port: attribute.port))"
    case .name(let name): "\(name):\(attribute.port)"
    case .zoned(let text): "[\(text)]:\(attribute.port)"
    }
  }
}
