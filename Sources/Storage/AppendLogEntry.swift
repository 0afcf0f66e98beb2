/// One record of an append log and its place.
package struct AppendLogEntry: Hashable, Sendable {
    /// 1 for the first record, then without gaps.
    package let sequence: Int64
    /// Exactly the bytes that were appended.
    package let record: [UInt8]

    package init(sequence: Int64, record: [UInt8]) {
        self.sequence = sequence
        self.record = record
    }
}
