/// Ends the program with a reason, as the reason of a failed precondition is lost in optimised code.
func demand(_ condition: Bool, _ reason: @autoclosure () -> String) {
  if !condition { fatalError(reason()) }
}
