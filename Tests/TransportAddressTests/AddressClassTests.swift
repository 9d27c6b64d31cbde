import Testing
import TransportAddress

@Suite struct AddressClassTests {
  /// The first and last address of every block, and their neighbours outside.
  private static let cases: [(IPAddress, AddressClass)] = [
    ("0.0.0.0", .unspecified), ("0.0.0.1", .thisNetwork), ("0.255.255.255", .thisNetwork),
    ("1.0.0.0", .global), ("9.255.255.255", .global), ("10.0.0.0", .private),
    ("10.255.255.255", .private), ("11.0.0.0", .global), ("100.63.255.255", .global),
    ("100.64.0.0", .shared), ("100.127.255.255", .shared), ("100.128.0.0", .global),
    ("126.255.255.255", .global), ("127.0.0.0", .loopback), ("127.255.255.255", .loopback),
    ("128.0.0.0", .global), ("169.253.255.255", .global), ("169.254.0.0", .linkLocal),
    ("169.254.255.255", .linkLocal), ("169.255.0.0", .global), ("172.15.255.255", .global),
    ("172.16.0.0", .private), ("172.31.255.255", .private), ("172.32.0.0", .global),
    ("191.255.255.255", .global), ("192.0.0.0", .protocolAssignment),
    ("192.0.0.255", .protocolAssignment), ("192.0.1.0", .global), ("192.0.2.0", .documentation),
    ("192.0.2.255", .documentation), ("192.0.3.0", .global), ("192.167.255.255", .global),
    ("192.168.0.0", .private), ("192.168.255.255", .private), ("192.169.0.0", .global),
    ("198.17.255.255", .global), ("198.18.0.0", .benchmarking), ("198.19.255.255", .benchmarking),
    ("198.20.0.0", .global), ("198.51.99.255", .global), ("198.51.100.0", .documentation),
    ("198.51.100.255", .documentation), ("198.51.101.0", .global), ("203.0.112.255", .global),
    ("203.0.113.0", .documentation), ("203.0.113.255", .documentation), ("203.0.114.0", .global),
    ("223.255.255.255", .global), ("224.0.0.0", .multicast), ("239.255.255.255", .multicast),
    ("240.0.0.0", .reserved), ("255.255.255.254", .reserved), ("255.255.255.255", .broadcast),

    ("::", .unspecified), ("::1", .loopback), ("::2", .ipv4Compatible),
    ("::255.255.255.255", .ipv4Compatible), ("::1:0:0", .reserved), ("::ffff:0:0", .ipv4Mapped),
    ("::ffff:255.255.255.255", .ipv4Mapped), ("::1:0:0:0", .reserved), ("0:1::", .reserved),
    ("64:ff9a::", .reserved), ("64:ff9b::", .nat64), ("64:ff9b::255.255.255.255", .nat64),
    ("64:ff9b::1:0:0", .reserved), ("64:ff9b:1::", .nat64),
    ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", .nat64), ("64:ff9b:2::", .reserved),
    ("100::", .discardOnly), ("100::ffff:ffff:ffff:ffff", .discardOnly), ("100:0:0:1::", .reserved),
    ("1fff::", .reserved), ("2000::", .global), ("2001::", .teredo),
    ("2001:0:ffff:ffff:ffff:ffff:ffff:ffff", .teredo), ("2001:1::", .protocolAssignment),
    ("2001:2::", .benchmarking), ("2001:2:0:ffff:ffff:ffff:ffff:ffff", .benchmarking),
    ("2001:2:1::", .protocolAssignment), ("2001:1ff:ffff::", .protocolAssignment),
    ("2001:200::", .global), ("2001:db7:ffff::", .global), ("2001:db8::", .documentation),
    ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", .documentation), ("2001:db9::", .global),
    ("2002::", .sixToFour), ("2002:ffff::", .sixToFour), ("2003::", .global),
    ("3ffe:ffff::", .global), ("3fff::", .documentation), ("3fff:fff::", .documentation),
    ("3fff:1000::", .global), ("4000::", .reserved), ("fbff::", .reserved),
    ("fc00::", .uniqueLocal),
    ("fdff:ffff::", .uniqueLocal), ("fe00::", .reserved), ("fe7f::", .reserved),
    ("fe80::", .linkLocal), ("febf:ffff::", .linkLocal), ("fec0::", .siteLocal),
    ("feff::", .siteLocal), ("ff00::", .multicast),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .multicast),
  ]

  @Test("Every block has its class from its first address to its last", arguments: cases)
  func classification(address: IPAddress, expected: AddressClass) {
    #expect(address.classification == expected)
  }

  @Test("Every class is met", arguments: AddressClass.allCases)
  func everyClassIsMet(expected: AddressClass) {
    #expect(Self.cases.contains { $0.1 == expected })
  }

  @Test("Every class names its RFC", arguments: AddressClass.allCases)
  func specification(addressClass: AddressClass) {
    #expect(addressClass.specification.hasPrefix("RFC "))
    #expect(!addressClass.description.isEmpty)
  }
}
