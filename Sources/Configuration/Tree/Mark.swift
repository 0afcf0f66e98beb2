/// A place in a text file, as editors count.
package struct Mark: Hashable, Comparable, Sendable {
    /// From 1.
    package let line: Int
    /// From 1, in characters.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
