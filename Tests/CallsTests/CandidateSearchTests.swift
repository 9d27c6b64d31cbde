import Calls
import ICE
import NATTable
import SansIO
import Simulator
import Testing

/// Alice, who gathers by herself.
@Suite struct CandidateSearchTests {
  private func search(
    at site: CallSite = .nat("home", .portRestrictedCone),
    silent: Set<CandidateSearch.Server> = []
  ) -> CandidateSearch {
    var search = CandidateSearch(at: site, silent: silent)
    search.run()
    return search
  }

  private func types(_ search: CandidateSearch) -> [CandidateType] {
    search.candidates.map(\.type)
  }

  @Test("Behind a NAT she finds a candidate of three types, in the order of round trips")
  func threeTypes() {
    let search = search()
    #expect(
      search.candidates.map(\.description)
        == ["10.0.0.2:5000 host", "198.51.100.1:5000 srflx", "203.0.113.20:49152 relay"])
    #expect(search.notes.map(\.words).last == "that is all")
    let times = search.notes.map(\.time)
    #expect(times.first == .zero)
    #expect(times == times.sorted())
    #expect(times[2] < .milliseconds(100))
  }

  @Test("A run that is cut in two shows each part, with the time of the whole")
  func parts() {
    var search = CandidateSearch(home: .portRestrictedCone)
    search.run(for: .milliseconds(40))
    #expect(types(search) == [.host, .serverReflexive])
    search.run()
    #expect(types(search) == [.host, .serverReflexive, .relayed])
    #expect(search.trace.events.first.map { $0.time >= .milliseconds(40) } == true)
  }

  @Test("A server that is silent holds no other candidate up")
  func silentServers() {
    let noSTUN = search(silent: [.stun])
    #expect(types(noSTUN) == [.host, .serverReflexive, .relayed])
    #expect(noSTUN.notes[2].time < .milliseconds(100))
    #expect(noSTUN.notes.map(\.words).contains("203.0.113.9:3478: no answer with an address"))
    let noRelay = search(silent: [.relay])
    #expect(types(noRelay) == [.host, .serverReflexive])
    #expect(noRelay.notes[1].time < .milliseconds(40))
    #expect(types(search(silent: [.stun, .relay])) == [.host])
  }

  @Test("Where no UDP gets out, there is a relayed candidate by TCP, and no reflexive one")
  func cafe() {
    let search = search(at: .place(.cafe))
    #expect(types(search) == [.host, .relayed])
    #expect(search.notes.contains { $0.time > .seconds(2) && $0.words.hasPrefix("relay ") })
  }

  @Test("On the Internet itself, what the STUN server saw is redundant")
  func open() {
    let search = search(at: .open)
    #expect(types(search) == [.host, .relayed])
    #expect(search.notes[1].words.hasSuffix("redundant"))
  }

  @Test("A note is its time and its words, in columns")
  func words() {
    let notes = search().notes
    #expect(notes[0].description == "    0 ms  host 10.0.0.2:5000")
  }
}
