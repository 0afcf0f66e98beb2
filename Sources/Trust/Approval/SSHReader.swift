/// Reads the data types of the SSH protocol (RFC 4251 section 5), each with its length before it.
struct SSHReader {
    private var rest: ArraySlice<UInt8>
    private let subject: String
    private let code: TrustError.Code

    init(_ bytes: [UInt8], _ code: TrustError.Code, _ subject: String) {
        rest = bytes[...]
        self.code = code
        self.subject = subject
    }

    mutating func byte() throws(TrustError) -> UInt8 {
        guard let first = rest.popFirst() else { throw short }
        return first
    }

    mutating func number() throws(TrustError) -> UInt32 {
        try take(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() throws(TrustError) -> [UInt8] { try take(Int(try number())) }

    mutating func text() throws(TrustError) -> String { String(decoding: try string(), as: UTF8.self) }

    /// The bytes of a positive `mpint` in its only encoding, as an ASN.1 INTEGER has them, too.
    mutating func positiveInteger() throws(TrustError) -> [UInt8] {
        let bytes = try string()
        guard let first = bytes.first, first < 0x80, bytes.count == 1 || first != 0 || bytes[1] >= 0x80, bytes != [0]
        else {
            throw TrustError(code, subject, "has a number that is not positive, or has another encoding")
        }
        return bytes
    }

    mutating func take(_ count: Int) throws(TrustError) -> [UInt8] {
        guard rest.count >= count else { throw short }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    func end() throws(TrustError) {
        guard rest.isEmpty else { throw TrustError(code, subject, "has \(rest.count) bytes too many at its end") }
    }

    private var short: TrustError { TrustError(code, subject, "ends too early") }
}

extension [UInt8] {
    /// An SSH `string`.
    static func sshString(_ bytes: some Collection<UInt8>) -> Self {
        let count = UInt32(bytes.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
    }
}
