import Foundation
import Testing
import TransportAddress

@Suite struct AddressTextTests {
  private struct Endpoints: Codable, Equatable {
    var inside: TransportAddress
    var server: IPAddress
  }

  @Test("An address encodes as its text and decodes from it")
  func codable() throws {
    let endpoints = Endpoints(inside: "[2001:db8::1]:3478", server: "203.0.113.7")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(endpoints)
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"inside":"[2001:db8::1]:3478","server":"203.0.113.7"}"#)
    #expect(try JSONDecoder().decode(Endpoints.self, from: json) == endpoints)
  }

  @Test("A malformed address in JSON is corrupted data and says why")
  func corrupted() throws {
    let json = Data(#"{"inside":"10.0.0.2","server":"203.0.113.7"}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Endpoints.self, from: json)
    }
    #expect("\(try #require(error))".contains("a colon and a port should follow the address"))
  }
}
