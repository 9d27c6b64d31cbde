import Testing
import TransportAddress

@testable import Answer

@Suite struct SamePortChecks {
  @Test("Equal ports are found equal")
  func equal() {
    #expect(
      answer("10.0.0.2:5000", "10.0.0.3:5000") == true,
      "Both have port 5000; what the addresses are does not matter")
  }

  @Test("Different ports are found different")
  func different() {
    #expect(
      answer("10.0.0.2:5000", "10.0.0.2:5001") == false,
      "The address is the same, but the ports are 5000 and 5001")
  }

  @Test("An address is compared with itself")
  func itself() {
    #expect(answer("[2001:db8::1]:3478", "[2001:db8::1]:3478") == true, "It is the same")
  }
}
