/// Expands Ansible's host ranges: `web[01:10].example.com`, `db-[a:f]`, `n[0:20:5]`.
enum HostPattern {
    /// More hosts than one line can mean.
    private static let maximumHosts = 20_000

    /// The names that `text` stands for, in order; nil if a range is malformed or too large.
    static func expand(_ text: String) -> [String]? {
        var names = [""]
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "[") {
            guard let close = rest[open...].firstIndex(of: "]"),
                let items = items(rest[rest.index(after: open)..<close]),
                names.count * items.count <= maximumHosts
            else { return nil }
            let head = rest[..<open]
            names = names.flatMap { name in items.map { "\(name)\(head)\($0)" } }
            rest = rest[rest.index(after: close)...]
        }
        return rest.contains("]") ? nil : names.map { $0 + rest }
    }

    /// The elements of `FROM:TO` or `FROM:TO:STEP`, both ends included.
    private static func items(_ range: Substring) -> [String]? {
        let parts = range.split(separator: ":", omittingEmptySubsequences: false)
        guard 2...3 ~= parts.count, let step = parts.count == 3 ? Int(parts[2]) : 1, step > 0 else { return nil }
        if let low = letter(parts[0]), let high = letter(parts[1]), low <= high {
            return stride(from: low, through: high, by: step).map { String(Character(Unicode.Scalar($0))) }
        }
        guard parts[0].utf8.count <= 9, parts[1].utf8.count <= 9,
            parts[0].utf8.allSatisfy(isDigit), parts[1].utf8.allSatisfy(isDigit),
            let low = Int(parts[0]), let high = Int(parts[1]), low <= high, (high - low) / step < maximumHosts
        else { return nil }
        // A leading zero sets the width: 01 to 10.
        let width = parts[0].hasPrefix("0") ? parts[0].count : 0
        return stride(from: low, through: high, by: step).map { number in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

    private static func letter(_ text: Substring) -> UInt8? {
        guard text.utf8.count == 1, let byte = text.utf8.first, 0x41...0x5A ~= byte || 0x61...0x7A ~= byte else {
            return nil
        }
        return byte
    }
}
