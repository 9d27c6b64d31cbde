import FoundationEssentials
import Glibc

/// A folder of linked notes as people keep them, in a place of its own that goes with it.
///
/// Ten notes link to each other by file name, title, alias and path; one has a Swift fence that does
/// not compile. Beside them stands what such folders hold besides notes.
public final class Vault {
  /// Its name has a blank, as such folders' names often have.
  public let path: String
  private let base: String

  /// The names of the ten notes in the order of the folder.
  public static let names = [
    "2026-01-05", "Home", "Lesson 2", "Lesson 10", "NAT", "TURN", "candidates", "Old notes",
    "STUN server", "02-stun",
  ]

  static let notes = [
    "Home.md": """
    ---
    tags: [index]
    aliases:
      - Start
      - "The index"
    ---
    Everything about [[NAT]], [[STUN]] and [[TURN]], see [[Lesson 2]] and [[Lesson 10]].

    ![[picture.png]] is an embedding, and [[2026-01-05|a day]] a daily note.
    """,
    "NAT.md": """
    [[Home]]

    ## Limitations
    Applications that need direct access can't have it. Reason being, a router wont know the
    device, so see [[STUN server#How it answers]].

    ### In code

    ```swift
    import STUNCodec

    let address: IPAddress = "10.0.0.2"
    print(address.classification)
    ```

    ```swift
    let text = "two"
      prnt(text)
    ```
    """,
    "TURN.md": "# Relays\n\nUsed when [[candidates]] fail. Back to [[the index]].\n",
    "candidates.md": """
    # Candidates

    1. **Host**: from [[NAT|your own]] device
    2. **Server reflexive**: from a [[servers/STUN server]]

    ```swift id=sum
    var sum = 0
    for number in 1...4 { sum += number }
    print(sum)
    ```

    ```swift id=more after=sum
    print(sum * 2)
    ```

    ```output
    21
    ```
    """,
    "2026-01-05.md": "Read [[Relays]] today.\n",
    "Lesson 2.md": "# Lesson 2\n\n## First\n\nThen [[Lesson 10#Second]].\n\n> a quote\n",
    "Lesson 10.md": "# Lesson 10\n\n## Second\n\nAfter [[Lesson 2#First|that]].\n",
    "servers/STUN server.md": """
    ---
    aliases: [STUN]
    ---
    # STUN

    ### How it answers

    It says where the request came from. `Is every router behind a NAT?` Yes.

    ```swift
    import Foundation
    print(FileManager.default.currentDirectoryPath)
    ```
    """,
    "servers/02-stun.md": "# The message\n\nTwenty bytes; see [[STUN]].\n",
    "servers/Old notes.markdown": "Of no more use. [[Nobody]] links here.\n",
  ]

  public init() throws {
    var template = Array("/tmp/workbook-test-XXXXXX".utf8CString)
    mkdtemp(&template)
    base = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    path = base + "/My vault"
    for (name, text) in Self.notes { try write(name, Array(text.utf8)) }
    try write(".obsidian/workspace.md", Array("# Hidden\n".utf8))
    try write("picture.png", [0x89, 0x50, 0x4E, 0x47])
  }

  deinit {
    try? FileManager.default.removeItem(atPath: base)
  }

  public func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = path + "/" + name
    let folder = file[..<file.lastIndex(of: "/")!]
    try FileManager.default.createDirectory(
      atPath: String(folder), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file))
  }

  public func link(_ name: String, to target: String) {
    symlink(target, path + "/" + name)
  }
}
