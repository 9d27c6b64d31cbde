import STUNCodec
import Testing

@Suite struct MessageTypeTests {
  @Test(
    "The types that the RFC spells out have the numbers it gives them",
    arguments: [
      (0x0001, MessageType.bindingRequest), (0x0011, .bindingIndication),
      (0x0101, .bindingSuccessResponse), (0x0111, .bindingErrorResponse),
      (0x0003, MessageType(.request, .allocate)),
      (0x0103, MessageType(.successResponse, .allocate)),
      (0x0113, MessageType(.errorResponse, .allocate)), (0x0016, MessageType(.indication, .send)),
      (0x0017, MessageType(.indication, .data)),
      (0x0109, MessageType(.successResponse, .channelBind)),
    ] as [(UInt16, MessageType)])
  func numbers(rawValue: UInt16, type: MessageType) {
    #expect(type.rawValue == rawValue)
    #expect(MessageType(rawValue: rawValue) == type)
  }

  @Test(
    "Every class and method folded together comes apart again", arguments: MessageClass.allCases)
  func roundTrip(messageClass: MessageClass) {
    for rawValue in UInt16(0)...0xFFF {
      let type = MessageType(messageClass, STUNMethod(rawValue: rawValue))
      #expect(type.class == messageClass)
      #expect(type.method.rawValue == rawValue)
    }
  }

  @Test("All 16 384 types are different, so that class and method bits never meet")
  func distinct() {
    var seen = Set<UInt16>()
    for messageClass in MessageClass.allCases {
      for method in UInt16(0)...0xFFF {
        seen.insert(MessageType(messageClass, STUNMethod(rawValue: method)).rawValue)
      }
    }
    #expect(seen.count == 0x4000)
    #expect(seen.max() == 0x3FFF)
  }

  @Test("Bits that do not belong to a type or a method are dropped")
  func masks() {
    #expect(MessageType(rawValue: 0xC001) == .bindingRequest)
    #expect(STUNMethod(rawValue: 0xF001) == .binding)
  }

  @Test("A type reads as its method and class, an unknown method as its number")
  func descriptions() {
    #expect("\(MessageType.bindingErrorResponse)" == "Binding error response")
    #expect("\(MessageType(.indication, STUNMethod(rawValue: 0x7F)))" == "method 0x07F indication")
  }
}
