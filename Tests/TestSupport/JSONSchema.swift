import FoundationEssentials
import Lessons
import ProgramSupport

/// Any JSON value (RFC 8259).
public enum JSONValue: Decodable, Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case list([JSONValue])
  case object([String: JSONValue])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  public init(_ text: some StringProtocol) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }

  /// The elements; nil if this is no list.
  public var elements: [JSONValue]? { if case .list(let elements) = self { elements } else { nil } }

  /// The value of a key; nil if this is no object or has none.
  public subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}

/// The keys that `docs/json.md` promises, section by section.
public struct JSONSchema: Sendable {
  /// A key of a table: `notes[].exercises[].exercise`.
  struct Key: Sendable {
    var path: String
    var type: String
    var isOptional: Bool

    var name: String { path.split(separator: ".").last.map(String.init) ?? path }
    /// The path of the object that has the key, as the other tables' rows write it.
    var parent: String {
      path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
    }
  }

  private var keys: [String: [Key]] = [:]
  private let version: Double = 1

  /// The sections that have a table.
  public var sections: Set<String> { Set(keys.keys) }

  /// Reads the document of this repository.
  public static func documented() throws -> JSONSchema {
    JSONSchema(
      String(decoding: try readFile(Program.workspace.root + "/docs/json.md"), as: UTF8.self))
  }

  public init(_ document: String) {
    var section = ""
    var isInTable = false
    for line in document.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") || line.hasPrefix("### ") {
        section = String(line.drop { $0 == "#" }.dropFirst())
      }
      if line.hasPrefix("| key | type |") { isInTable = true }
      guard line.hasPrefix("| `"), isInTable else {
        isInTable = isInTable && line.hasPrefix("| ")
        continue
      }
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
      var type = String(cells[1])
      while type.last == " " { type.removeLast() }
      let isOptional = type.last == "?"
      if isOptional { type.removeLast() }
      for name in cells[0].split(separator: "`").enumerated() where name.offset % 2 == 0 {
        keys[section, default: []].append(
          Key(path: String(name.element), type: type, isOptional: isOptional))
      }
    }
  }

  /// What of an object is not as its section says; empty if all is.
  public func problems(of object: JSONValue, in section: String) -> [String] {
    guard case .object(var members) = object else { return ["\(section): this is no object"] }
    let version = members.removeValue(forKey: "version")
    return (version == .number(self.version) ? [] : ["\(section): there is no version"])
      + problems(of: members, in: section, below: "")
  }

  private func problems(
    of members: [String: JSONValue], in section: String, below parent: String
  ) -> [String] {
    guard let keys = keys[section] else { return ["there is no section '\(section)'"] }
    let known = keys.filter { $0.parent == parent }
    var problems = Set(members.keys).subtracting(known.map(\.name)).sorted().map {
      "\(section): \(parent) has the undocumented key '\($0)'"
    }
    for key in known {
      if let value = members[key.name] {
        problems += self.problems(of: value, key, in: section)
      } else if !key.isOptional {
        problems.append("\(section): '\(key.path)' is missing")
      }
    }
    return problems
  }

  private func problems(of value: JSONValue, _ key: Key, in section: String) -> [String] {
    let elements: [JSONValue] = if case .list(let elements) = value { elements } else { [] }
    switch (key.type, value) {
    case ("string", .string), ("number", .number), ("boolean", .boolean): return []
    case ("object", .object(let members)):
      return problems(of: members, in: section, below: key.path)
    case ("list", .list):
      return elements.flatMap { element in
        guard case .object(let members) = element else {
          return ["\(section): '\(key.path)' holds something else than objects"]
        }
        return problems(of: members, in: section, below: key.path + "[]")
      }
    case (let type, .list) where type.hasPrefix("list of "):
      return elements.flatMap { problems(of: $0, each: type.dropFirst(8), of: key, in: section) }
    case (let type, .object(let members)) where type.hasPrefix("map of "):
      return members.values.flatMap {
        problems(of: $0, each: type.dropFirst(7), of: key, in: section)
      }
    default: return ["\(section): '\(key.path)' is no \(key.type)"]
    }
  }

  /// An element of a list or a map, whose type is a plural or another section's name.
  private func problems(
    of value: JSONValue, each type: Substring, of key: Key, in section: String
  ) -> [String] {
    switch (type, value) {
    case ("strings", .string), ("numbers", .number): return []
    case ("lists of numbers", .list(let elements)):
      return elements.flatMap { problems(of: $0, each: "numbers", of: key, in: section) }
    case (let name, .object(let members)) where keys[String(name)] != nil:
      return problems(of: members, in: String(name), below: "")
    default: return ["\(section): '\(key.path)' is no \(key.type)"]
    }
  }
}
