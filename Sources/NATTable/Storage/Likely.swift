/// Says to the compiler that a condition holds nearly always, so that what follows then stands first
/// in the machine code and is not burdened by what follows else.
@inline(__always)
func likely(_ condition: Bool) -> Bool {
  _fastPath(condition)
}
