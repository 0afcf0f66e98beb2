/// The protocol versions that one build speaks.
package struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    package let current: UInt32
    package let minimum: UInt32

    /// Takes a range that is not empty and starts at 1 or later.
    package init?(validating current: UInt32, minimum: UInt32) {
        guard minimum >= 1, current >= minimum else { return nil }
        self.init(current: current, minimum: minimum)
    }

    init(current: UInt32, minimum: UInt32) {
        self.current = current
        self.minimum = minimum
    }

    package var description: String { current == minimum ? "\(current)" : "\(minimum) to \(current)" }

    /// Answers the version that both speak: the highest one.
    ///
    /// - Throws: `ProtocolError` that names both ranges and who has to be upgraded.
    package func agree(with peer: Self, software: String, peerSoftware: String) throws(ProtocolError) -> UInt32 {
        let version = min(current, peer.current)
        guard version >= max(minimum, peer.minimum) else {
            let older = current < peer.current ? "us (\(software))" : "the peer (\(peerSoftware))"
            throw ProtocolError(
                .versionUnsupported,
                "protocol version",
                advice:
                    "we (\(software)) speak \(self), the peer (\(peerSoftware)) speaks \(peer); upgrade \(older) first"
            )
        }
        return version
    }
}
