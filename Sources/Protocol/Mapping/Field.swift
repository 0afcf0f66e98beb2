import FoundationEssentials
import Model

/// Reads the scalar fields of messages; whatever is missing or out of bounds is refused by its name.
enum Field {
    /// Every number on the wire is below 2^53, so that it survives JSON, and sums of a few can't overflow.
    static let largest: Int64 = (1 << 53) - 1
    /// About 100 years, as for `TimeSpan(parsing:)`.
    private static let longestSpan: Int64 = 36_500 * 86_400_000

    static func number(_ value: Int64, if isPresent: Bool = true, _ field: String) throws(ProtocolError) -> Int64 {
        guard isPresent else { throw .missing(field) }
        guard 0...largest ~= value else { throw .invalid(field, "is \(value), expected 0 to \(largest)") }
        return value
    }

    static func time(_ value: Int64, if isPresent: Bool, _ field: String) throws(ProtocolError) -> WallTime {
        WallTime(milliseconds: try number(value, if: isPresent, field))
    }

    static func span(_ value: Int64, if isPresent: Bool, _ field: String) throws(ProtocolError) -> TimeSpan {
        let number = try number(value, if: isPresent, field)
        guard number <= longestSpan else {
            throw .invalid(field, "is \(number) ms, at most \(longestSpan) are allowed")
        }
        return TimeSpan(milliseconds: number)
    }

    static func size(_ value: Int64, if isPresent: Bool, _ field: String) throws(ProtocolError) -> ByteCount {
        ByteCount(try number(value, if: isPresent, field))
    }

    static func epoch(_ value: Int64, if isPresent: Bool, _ field: String) throws(ProtocolError) -> Epoch {
        Epoch(try number(value, if: isPresent, field))
    }

    /// A text that must not be empty.
    static func text(_ value: String, _ field: String) throws(ProtocolError) -> String {
        guard !value.isEmpty else { throw .missing(field) }
        return value
    }

    static func name<Kind: Name>(_ value: String, _ field: String) throws(ProtocolError) -> Kind {
        guard !value.isEmpty else { throw .missing(field) }
        do throws(ModelError) {
            return try Kind(parsing: value)
        } catch {
            throw .invalid(field, "'\(value.prefix(80))' \(error.advice)")
        }
    }

    static func digest(_ value: Data, _ field: String) throws(ProtocolError) -> Digest {
        guard !value.isEmpty else { throw .missing(field) }
        guard value.count == Digest.byteCount else {
            throw .invalid(field, "has \(value.count) bytes, a SHA-256 digest has \(Digest.byteCount)")
        }
        return Digest(bytes: value)
    }

    static func bytes(_ value: Data, _ field: String) throws(ProtocolError) -> [UInt8] {
        guard !value.isEmpty else { throw .missing(field) }
        return [UInt8](value)
    }
}
