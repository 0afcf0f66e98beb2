package import Model

/// One element of an answer that comes in many.
package enum StreamEvent: Hashable, Sendable {
    case report(NumberedReport)
    case logs([LogLine])
    /// JSON of an answer, or the next part of it.
    case desk(part: [UInt8], more: Bool)
}
