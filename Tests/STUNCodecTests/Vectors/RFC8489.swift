/// The message of RFC 8489 appendix B.1, in the three forms in which one meets it.
///
/// All have the user name マトリックス, the realm `example.org` and the password `TheMatrIX`.
enum RFC8489 {
  private static let transaction = "21 12 a4 42  78 ad 34 33  c6 ad 72 c0  29 da 41 2e"
  private static let attributes = """
    00 1e 00 20  4a 3c f3 8f  ef 69 92 bd  a9 52 c6 78  04 17 da 0f
                 24 81 94 15  56 9e 60 b2  05 c4 6e 41  40 7f 17 04
    00 15 00 29  6f 62 4d 61  74 4a 6f 73  32 41 41 41  43 66 2f 2f  34 39 39 6b
                 39 35 34 64  36 4f 4c 33  34 6f 4c 39  46 53 54 76  79 36 34 73
                 41 00 00 00
    00 14 00 0b  65 78 61 6d  70 6c 65 2e  6f 72 67 00
    """

  /// As the RFC prints it. Its length, 156, counts the header too, so it is no message; its code is
  /// reckoned with the SHA-256 key over that wrong length.
  static let printed = hex(
    """
    00 01 00 9c  \(transaction)
    \(attributes)
    00 1c 00 20  e4 68 6c 8f  0e de b5 90  13 e0 70 90  01 0a 93 ef
                 cc bc cc 54  4c 0a 45 d9  f8 30 aa 6d  6f 73 5a 01
    """)

  /// As tests of other programs put it right without erratum 6268: the length is the message's own,
  /// and as there is no PASSWORD-ALGORITHM, the key is the MD5 one. 156 bytes.
  static let circulating = hex(
    """
    00 01 00 88  \(transaction)
    \(attributes)
    00 1c 00 20  fd 8c 27 38  60 d2 e1 8e  bc a4 c8 9b  69 73 be fa
                 7e e8 ec c6  9e 96 42 db  32 6f ab 65  a0 b9 55 ba
    """)

  /// As erratum 6268 has it: PASSWORD-ALGORITHM says SHA-256, and so is the key. 164 bytes.
  static let corrected = hex(
    """
    00 01 00 90  \(transaction)
    \(attributes)
    00 1d 00 04  00 02 00 00
    00 1c 00 20  b5 c7 bf 00  5b 6c 52 a2  1c 51 c5 e8  92 f8 19 24
                 13 62 96 cb  92 7c 43 14  93 09 27 8c  c6 51 8e 65
    """)
}
