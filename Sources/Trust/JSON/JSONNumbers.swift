/// Which numbers a JSON text may hold.
package enum JSONNumbers: Sendable {
    /// Whole numbers below 2^53 alone, as in everything that Fleet signs.
    case integersOnly
    /// Any, for texts that others wrote; those that are no such integer are kept as they were written.
    case any
}
