/// What a client can prove itself with.
public enum Credentials: Hashable, Sendable {
  /// Nothing: a public STUN server asks for none.
  case none
  /// A name and password that both sides got by another way, as in ICE (RFC 8489 §9.1).
  case shortTerm(username: String, password: String)
  /// A name and password that a server asks for with 401, as in TURN (RFC 8489 §9.2).
  case longTerm(username: String, password: String)
}
