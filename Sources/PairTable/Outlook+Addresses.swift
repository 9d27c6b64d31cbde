import ICE
import TransportAddress

extension Outlook {
  /// What the addresses of a pair let expect.
  init(from local: CandidateRow, to remote: CandidateRow) {
    let own = local.baseAddress?.address.classification
    let isRelayed = local.attribute.type == .relayed
    guard let target = remote.kind else {
      // A relay in the same inside network would find the name's address.
      self =
        isRelayed && own?.isInside != true ? .hopeless(.relayToName) : .conditional(.nameOnSameLink)
      return
    }
    if own == .loopback || target == .loopback {
      // A name stands for an inside address, never for loopback.
      self = own == target ? .conditional(.sameMachine) : .hopeless(.loopback)
    } else if own == .linkLocal || target == .linkLocal {
      self = own == target || own == nil ? .conditional(.sameLink) : .hopeless(.linkLocal)
    } else if !target.isInside {
      self = .open
    } else if isRelayed, own?.isInside != true {
      self = .hopeless(.relayToInside)
    } else if remote.attribute.type == .relayed {
      self = .conditional(.relayInside)
    } else {
      self = .conditional(target == .shared ? .sameProvider : .sameNetwork)
    }
  }
}
