/// A secret that binds a bulk connection to its session; good for one connection.
package struct BulkToken: Hashable, Sendable, CustomStringConvertible {
    /// Length in bytes.
    package static let byteCount = 32

    package let bytes: [UInt8]

    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Makes a new one; the generator must be fit for secrets, as the system's is.
    package static func random(using generator: inout some RandomNumberGenerator) -> Self {
        Self(validated: (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    private init(validated bytes: [UInt8]) { self.bytes = bytes }

    /// Redacted: whoever has it can pretend to be part of the session.
    package var description: String { "bulk token" }
}
