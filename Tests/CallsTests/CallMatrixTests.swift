import Calls
import ICE
import NATTable
import SansIO
import Simulator
import Testing
import TransportAddress

/// What ICE makes of two sites, from the definitions of RFC 4787 and RFC 8445 alone.
///
/// No NAT and no agent is asked. An endpoint is a pair of an owner and a mapping: the one that the STUN
/// server saw, or the one toward an address or an endpoint of the other's.
private struct Theory {
  /// How a site treats packets.
  struct Site {
    var mapping: EndpointDependence
    var filtering: EndpointDependence
    /// Whether addresses are translated; a host behind a mere firewall is reached at its own.
    var isTranslated = true
    /// Whether UDP gets out at all.
    var hasUDP = true

    init(_ mapping: EndpointDependence, _ filtering: EndpointDependence) {
      self.mapping = mapping
      self.filtering = filtering
    }
  }

  /// A transport address on the outside of a site.
  indirect enum Endpoint: Hashable {
    /// The mapping toward the STUN server, or of an endpoint-independent NAT, toward all.
    case seen(Int)
    /// The mapping toward the other's address, whatever the port.
    case towardAddress(Int)
    /// The mapping toward one endpoint of the other's.
    case toward(Int, Endpoint)

    var depth: Int { if case .toward(_, let other) = self { other.depth + 1 } else { 0 } }
  }

  let sites: [Site]

  /// The endpoint from which a side's packets come to an endpoint of the other's (RFC 4787 §4.1).
  func source(_ side: Int, to other: Endpoint) -> Endpoint {
    switch sites[side].mapping {
    case .endpointIndependent: .seen(side)
    case .addressDependent: .towardAddress(side)
    case .addressAndPortDependent: .toward(side, other)
    }
  }

  /// The endpoints between which both agents' checks get through, and their responses, too.
  ///
  /// Each side checks every endpoint that it knows: the other's server-reflexive candidate, and those
  /// that checks came from (RFC 8445 §7.3.1.3). A response must come from where its request went to
  /// (RFC 8445 §7.2.5.2.1).
  var direct: (Endpoint, Endpoint)? {
    guard sites.allSatisfy(\.hasUDP) else { return nil }
    var known: [Set<Endpoint>] = [[.seen(1)], [.seen(0)]]
    var sent: Set<[Endpoint]> = []
    func isAdmitted(_ source: Endpoint, to target: Endpoint, of side: Int) -> Bool {
      switch sites[side].filtering {
      case .endpointIndependent: true
      case .addressDependent: sent.contains { $0[0] == target }
      case .addressAndPortDependent: sent.contains([target, source])
      }
    }
    // Two NATs that show every check from another port would go on for ever.
    for _ in 0..<6 {
      for side in 0..<2 {
        for target in known[side] where target.depth < 6 {
          sent.insert([source(side, to: target), target])
        }
      }
      for packet in sent {
        let side = packet[1].owner
        if isAdmitted(packet[0], to: packet[1], of: side) { known[side].insert(packet[0]) }
      }
    }
    for packet in sent.sorted(by: { $0[0].depth < $1[0].depth }) where packet[0].owner == 0 {
      let (mine, theirs) = (packet[0], packet[1])
      if source(1, to: mine) == theirs, isAdmitted(mine, to: theirs, of: 1),
        isAdmitted(theirs, to: mine, of: 0)
      {
        return (mine, theirs)
      }
    }
    return nil
  }

  /// The type of candidate that an endpoint is (RFC 8445 §5.1.1).
  func type(_ endpoint: Endpoint) -> CandidateType {
    if !sites[endpoint.owner].isTranslated { return .host }
    return endpoint == .seen(endpoint.owner) ? .serverReflexive : .peerReflexive
  }

  /// What alice selects, who controls; nil if the two cannot connect.
  var selected: (CandidateType, CandidateType)? {
    if let (mine, theirs) = direct { return (type(mine), type(theirs)) }
    // One relay is enough. Of the pairs with one, the other candidate decides the priority, and of equal
    // ones the controlling side's has the higher candidate first (RFC 8445 §6.1.2.3).
    let types = (0..<2).map { side -> CandidateType in
      // It reaches its relay over TCP, and everything else by the relay.
      if !sites[side].hasUDP { return .relayed }
      if !sites[side].isTranslated { return .host }
      return sites[side].mapping == .endpointIndependent ? .serverReflexive : .peerReflexive
    }
    return types[0].preference >= types[1].preference
      ? (types[0], .relayed) : (.relayed, types[1])
  }
}

extension Theory.Endpoint {
  var owner: Int {
    switch self {
    case .seen(let side), .towardAddress(let side), .toward(let side, _): side
    }
  }
}

@Suite struct CallMatrixTests {
  private func theory(_ site: CallSite) throws -> Theory.Site {
    switch site {
    case .nat("linux", _): return Theory.Site(.endpointIndependent, .addressAndPortDependent)
    case .nat("linux-random", _):
      return Theory.Site(.addressAndPortDependent, .addressAndPortDependent)
    case .nat(let name, _):
      let behavior = try #require(HolePunching.Behavior(named: name))
      return Theory.Site(behavior.mapping, behavior.filtering)
    case .place(.home): return Theory.Site(.endpointIndependent, .addressAndPortDependent)
    case .place(.corporate), .place(.hotel):
      return Theory.Site(.addressAndPortDependent, .addressAndPortDependent)
    case .place(.mobile): return Theory.Site(.endpointIndependent, .endpointIndependent)
    case .place(.cafe):
      var site = Theory.Site(.endpointIndependent, .addressAndPortDependent)
      site.hasUDP = false
      return site
    case .place(.dataCenter):
      var site = Theory.Site(.endpointIndependent, .addressAndPortDependent)
      site.isTranslated = false
      return site
    case .place(.ipv6Mobile), .nested, .open: throw Unexpected()
    }
  }

  private struct Unexpected: Error {}

  private func expectTheory(_ matrix: CallMatrix) throws {
    for (row, alice) in matrix.sites.enumerated() {
      for (column, bob) in matrix.sites.enumerated() {
        let result = matrix.results[row][column]
        let theory = Theory(sites: [try theory(alice), try theory(bob)])
        let (mine, theirs) = (result.alice.types, result.bob.types)
        #expect(mine?.local == theory.selected?.0, "\(alice) and \(bob): \(result)")
        #expect(mine?.remote == theory.selected?.1, "\(alice) and \(bob): \(result)")
        // Both sides have the same pair, each from its own end.
        #expect(theirs?.local == mine?.remote && theirs?.remote == mine?.local, "\(alice), \(bob)")
      }
    }
  }

  @Test("All 81 pairs of behaviors select what follows from RFC 4787 and RFC 8445")
  func behaviors() throws {
    let matrix = CallMatrix()
    #expect(matrix.sites.count == 9)
    try expectTheory(matrix)
    #expect(matrix.counts[.none] == nil)
    // ICE needs responses by their requests' path; two whose packets only get across do not have it.
    for (row, column) in [(6, 6), (6, 7), (7, 6)] {
      #expect(matrix.isPunched[row][column] && matrix.results[row][column].route == .relayed)
    }
  }

  @Test("And so does every behavior with every place, in 80 columns all together")
  func all() throws {
    let matrix = CallMatrix(CallSite.all, seed: 2)
    #expect(matrix.sites.count == 17)
    try expectTheory(matrix)
    let lines = matrix.text().split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    // Who cannot send UDP at all reaches the relay over TCP.
    #expect(matrix.counts[.none] == nil)
  }

  @Test("Seven networks select what Chromium's own agent is expected to between them")
  func chromium() throws {
    // The part of libwebrtc's table of ten networks that is about UDP: the caller's candidate and the
    // callee's, as the caller has selected them. Rows are the controlling side.
    let expected = """
           OPEN CONE ADDR PORT SYMM 2CON SCON
      OPEN LL   LS   LS   LS   LP   LS   LP
      CONE SL   SS   SS   SS   SP   SS   SP
      ADDR SL   SS   SS   SS   SP   SS   SP
      PORT SL   SS   SS   SS   RP   SS   RP
      SYMM PL   PS   PS   PR   PR   PS   PR
      2CON SL   SS   SS   SS   SP   SS   SP
      SCON PL   PS   PS   PR   PR   PS   PR
      """.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let sites: [CallSite] = [
      .open, .nat("CONE", .fullCone), .nat("ADDR", .restrictedCone),
      .nat("PORT", .portRestrictedCone), .nat("SYMM", .symmetric),
      .nested("2CON", inner: .fullCone, outer: .fullCone),
      .nested("SCON", inner: .symmetric, outer: .fullCone),
    ]
    let matrix = CallMatrix(sites)
    for row in sites.indices {
      for column in sites.indices {
        let result = matrix.results[row][column]
        #expect(
          result.alice.letters == expected[row + 1][column + 1],
          "\(sites[row]) and \(sites[column]): \(result)")
        #expect(result.bob.letters == String(result.alice.letters.reversed()))
      }
    }
  }

  /// Lines that lose, delay and reorder: a tenth of all packets is lost between the two.
  private var poorLine: Link {
    var line = Link.line
    line.loss = .independent(0.05)
    line.jitter = .milliseconds(10)
    line.reordering = 0.02
    return line
  }

  /// Calls over poor lines, a third of all pairs with each seed: how many, and how many are relayed that
  /// need not be.
  private func poorCalls(
    _ configuration: ICEConfiguration, after rest: Duration
  ) throws -> (count: Int, needless: Int) {
    var (count, needless) = (0, 0)
    for seed in 1...9 as ClosedRange<Int> {
      for (row, alice) in CallSite.behaviors.enumerated() {
        for (column, bob) in CallSite.behaviors.enumerated() where (row + column + seed) % 3 == 0 {
          var call = Call(
            alice, bob, seed: UInt64(seed), configuration: configuration, link: poorLine)
          call.isTracing = false
          call.connect()
          if rest > .zero, call.result.route == .relayed { call.run(for: rest) }
          let result = call.result
          let theory = Theory(sites: [try self.theory(alice), try self.theory(bob)])
          count += 1
          #expect(result.isConnected, "seed \(seed), \(alice) and \(bob): \(result)")
          if theory.direct == nil {
            #expect(result.route == .relayed, "seed \(seed), \(alice) and \(bob)")
          } else if result.route == .relayed {
            needless += 1
          }
        }
      }
    }
    return (count, needless)
  }

  @Test("With loss and jitter on every line none gets stuck, and few are relayed that need not be")
  func loss() throws {
    let calls = try poorCalls(.init(), after: .zero)
    #expect(calls.count == 243)
    // The controlling agent waits for one retransmission of each check and then nominates the relay:
    // where two are lost, that is earlier.
    #expect(calls.needless <= calls.count / 25, "\(calls.needless)")
  }

  @Test("Where nominations may be repeated, the relay is left as soon as a direct way works")
  func renomination() throws {
    var configuration = ICEConfiguration()
    configuration.renominates = true
    let calls = try poorCalls(configuration, after: .seconds(8))
    #expect(calls.count == 243)
    #expect(calls.needless == 0)
  }

  @Test("As text it fits 80 columns, in words it has a line for each pair")
  func text() throws {
    let matrix = CallMatrix([
      .nat("EIM/APDF", .portRestrictedCone), .nat("APDM/APDF", .symmetric),
    ])
    let lines = matrix.text().split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains("EIM/APDF  │ SS ●    RP") && lines.contains("APDM/APDF │ PR      PR"))
    let words = matrix.words().split(separator: "\n")
    #expect(words.count == 4)
    #expect(words[0].hasPrefix("EIM/APDF and EIM/APDF: direct through server-reflexive candidates"))
    #expect(words[1].hasPrefix("EIM/APDF and APDM/APDF: relayed (relayed → peer-reflexive)"))
    #expect(CallMatrix(CallSite.places).text().split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("So do all pairs of places, and of the NATs of Linux")
  func places() throws {
    let matrix = CallMatrix(CallSite.places)
    #expect(matrix.sites.count == 8)
    try expectTheory(matrix)
  }
}
