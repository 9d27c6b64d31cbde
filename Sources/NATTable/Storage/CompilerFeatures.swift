// Features of the compiler that have no supported form yet, and what will take their place. A new
// toolchain is tried against these first.
//
// | feature | where | why | instead |
// | --- | --- | --- | --- |
// | `_fastPath` | `likely` | the usual case stands first in the machine code | nothing yet; remove |
// | `_isPOD` | `isPlainData` | a slab releases no element | the protocol `BitwiseCopyable` |
// | `unsafeAddress` | `Slab`, `ExpiringTable`, | an accessor by address copies nothing and | `borrow` |
// |   and `unsafeMutableAddress` | `NATTable+State` | has no frame to allocate | and `mutate`, SE-0507 |

/// The condition, which the compiler is told to expect to be true.
@inline(__always)
func likely(_ condition: Bool) -> Bool {
  _fastPath(condition)
}

/// Whether values of a type are plain bits, without references.
///
/// A constraint to `BitwiseCopyable` would say it at compile time, but the entries are enums and
/// structs of other modules' types, which would all have to declare it.
@inline(__always)
func isPlainData<Value>(_ type: Value.Type) -> Bool {
  _isPOD(type)
}
