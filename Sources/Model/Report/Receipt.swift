/// What a host says of one change, numbered and bound to what it said before, so that none can be left out unseen.
///
/// What is kept, signed and sent are the exact bytes of its canonical JSON.
package struct Receipt: Hashable, Codable, Sendable {
    package var host: HostID
    /// Counts from 1 on each host.
    package var sequence: Int64
    /// SHA-256 of the receipt before; nil in the first.
    package var previous: Digest?
    package var act: HostAct

    package init(host: HostID, sequence: Int64, previous: Digest?, act: HostAct) {
        self.host = host
        self.sequence = sequence
        self.previous = previous
        self.act = act
    }
}
