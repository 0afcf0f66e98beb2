/// Bounds of a JSON text from outside.
package struct JSONLimits: Sendable {
    /// Levels of nested arrays and objects.
    package var depth: Int
    /// Bytes of the whole text.
    package var size: Int

    package init(depth: Int = 64, size: Int = 16 << 20) {
        self.depth = depth
        self.size = size
    }
}
