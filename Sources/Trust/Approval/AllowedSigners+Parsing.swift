import Glibc
import Model

extension AllowedSigners {
    /// Reads the file, which others may not be able to change.
    package static func load(path: String) throws(TrustError) -> Self {
        try Self(parsing: try TrustedFile.read(path, .signersInvalid), name: path)
    }

    /// Parses the text of the file; one broken line fails the whole, because who may approve must never depend on a typing error.
    package init(parsing bytes: [UInt8], name: String) throws(TrustError) {
        self.name = name
        var entries: [Entry] = []
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TrustError(.signersInvalid, name, "is no UTF-8")
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let content = line.drop { $0 == " " || $0 == "\t" }
            guard !content.isEmpty, content.first != "#" else { continue }
            var parser = SignerLine(content, place: "\(name):\(index + 1)")
            entries.append(try parser.entry(line: index + 1, after: entries))
        }
        self.entries = entries
    }
}

/// One line: principals, options, kind of key, key, comment.
private struct SignerLine {
    private var rest: Substring
    private let place: String

    init(_ line: Substring, place: String) {
        rest = line
        self.place = place
    }

    mutating func entry(line: Int, after entries: [AllowedSigners.Entry]) throws(TrustError) -> AllowedSigners.Entry {
        let principals = try principals()
        let person = try person(principals, among: entries)
        var namespaces: NamePatterns?
        var validity = AllowedSigners.Entry.Validity()
        var word = try field("a key")
        if !Self.isKind(word) {
            let options = Self.options(word)
            for option in options { try take(option, &namespaces, &validity) }
            let names = options.map { $0.prefix { $0 != "=" }.lowercased() }
            guard Set(names).count == names.count else { throw invalid("has an option twice") }
            word = try field("a key")
        }
        let key = try key(kind: word, try field("the key's Base64"))
        if let other = entries.first(where: { $0.key == key && $0.person != person }) {
            throw invalid("has the key of line \(other.line), which is \(other.person)'s: a key is one person's")
        }
        return AllowedSigners.Entry(
            person: person,
            principals: principals,
            key: key,
            namespaces: namespaces,
            validity: validity,
            line: line
        )
    }

    private func invalid(_ advice: String) -> TrustError { TrustError(.signersInvalid, place, advice) }

    /// Patterns may name whole companies, and nobody could say how many people have signed.
    private mutating func principals() throws(TrustError) -> [String] {
        let names = Self.unquoted(try field("principals")).split(separator: ",").map(String.init)
        guard !names.isEmpty else { throw invalid("names nobody") }
        for name in names where name.contains(where: { "*?!".contains($0) }) {
            throw invalid("names '\(name)', which could be several people: give each person a line")
        }
        return names
    }

    private func person(_ names: [String], among entries: [AllowedSigners.Entry]) throws(TrustError) -> String {
        let known = Set(entries.filter { !Set($0.principals).isDisjoint(with: names) }.map(\.person))
        guard known.count < 2 else {
            throw invalid(
                "names \(known.sorted().joined(separator: " and ")), who are different people in the lines above"
            )
        }
        return known.first ?? names[0]
    }

    private mutating func take(
        _ option: Substring,
        _ namespaces: inout NamePatterns?,
        _ validity: inout AllowedSigners.Entry.Validity
    ) throws(TrustError) {
        let parts = option.split(separator: "=", maxSplits: 1)
        let value = try parts.count == 2 ? quoted(parts[1], of: option) : ""
        switch parts.first?.lowercased() {
        case "namespaces" where !value.isEmpty: namespaces = NamePatterns(value)
        case "valid-after": validity.after = try time(value)
        case "valid-before": validity.before = try time(value)
        case "cert-authority":
            throw invalid("has a certificate authority, which is not supported: list the people's keys")
        case _: throw invalid("has the option '\(option)'; known are namespaces=, valid-after= and valid-before=")
        }
    }

    private func key(kind: Substring, _ text: Substring) throws(TrustError) -> SSHPublicKey {
        guard let blob = Base64.decode(String(text)) else { throw invalid("has a key that is no Base64") }
        let key: SSHPublicKey
        do throws(TrustError) {
            key = try SSHPublicKey(blob: blob, name: place)
        } catch {
            throw TrustError(.signersInvalid, place, error.advice, cause: error.cause)
        }
        guard blob.starts(with: [UInt8].sshString(kind.utf8)) else {
            throw invalid("says '\(kind)' of a key of another kind")
        }
        return key
    }

    /// The next word; blanks in quotes are part of it.
    private mutating func field(_ what: String) throws(TrustError) -> Substring {
        var isQuoted = false
        let word = rest.prefix { character in
            if character == "\"" { isQuoted.toggle() }
            return isQuoted || character != " " && character != "\t"
        }
        guard !word.isEmpty, !isQuoted else {
            throw invalid(isQuoted ? "has a quote without an end" : "ends before \(what)")
        }
        rest = rest.dropFirst(word.count).drop { $0 == " " || $0 == "\t" }
        return word
    }

    private static func isKind(_ word: Substring) -> Bool {
        ["ssh-", "ecdsa-", "sk-"].contains { word.hasPrefix($0) }
    }

    private static func options(_ word: Substring) -> [Substring] {
        var isQuoted = false
        return word.split { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && character == ","
        }
    }

    /// Values stand in quotes, as ssh-keygen demands.
    private func quoted(_ value: Substring, of option: Substring) throws(TrustError) -> String {
        guard value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else {
            throw invalid("has the option '\(option)', whose value stands in no quotes")
        }
        return Self.unquoted(value)
    }

    private static func unquoted(_ text: some StringProtocol) -> String { String(text.filter { $0 != "\"" }) }

    /// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, in UTC with a `Z` behind it, else in the host's time zone.
    private func time(_ text: String) throws(TrustError) -> WallTime {
        let isUTC = text.hasSuffix("Z")
        let digits = (isUTC ? text.dropLast() : text[...]).utf8.map { Int32($0) - 0x30 }
        guard digits.allSatisfy({ 0...9 ~= $0 }), [8, 12, 14].contains(digits.count) else { throw badTime(text) }
        let padded = digits + Array(repeating: 0, count: 14 - digits.count)
        func number(_ range: Range<Int>) -> Int32 { padded[range].reduce(0) { $0 * 10 + $1 } }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (number(0..<4) - 1900, number(4..<6) - 1, number(6..<8))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (number(8..<10), number(10..<12), number(12..<14))
        parts.tm_isdst = -1
        let (month, day, hour) = (parts.tm_mon, parts.tm_mday, parts.tm_hour)
        let seconds = isUTC ? timegm(&parts) : mktime(&parts)
        // A day that does not exist comes back as another.
        guard seconds != -1, (parts.tm_mon, parts.tm_mday) == (month, day), hour < 24 else { throw badTime(text) }
        return WallTime(milliseconds: Int64(seconds) * 1000)
    }

    private func badTime(_ text: String) -> TrustError {
        invalid("has the time '\(text)', expected YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z for UTC")
    }
}
