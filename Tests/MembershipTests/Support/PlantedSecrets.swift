import Foundation
import Model
import Testing
import Trust

/// Secrets of a test, by what they are, and a search for them in all that people and machines get to see.
struct PlantedSecrets {
    private var needles: [(name: String, text: String)] = []

    /// A text that must be seen nowhere.
    mutating func plant(_ name: String, _ text: String) { needles.append((name, text)) }

    /// A PEM key: the middle of it, and the numbers of its first bytes, which a printed array would show.
    mutating func plant(key name: String, _ pem: [UInt8]) throws {
        let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n")
        let start = try #require(lines.firstIndex { $0.contains("PRIVATE KEY") }, "\(name) is no key")
        let body = lines[(start + 1)...].prefix { !$0.hasPrefix("-----") }
        for line in body.filter({ $0.count >= 32 }) {
            plant(name, String(line))
            plant(name, line.utf8.prefix(8).map { "\($0)" }.joined(separator: ", "))
        }
        try #require(body.contains { $0.count >= 32 }, "\(name) has no line to look for")
    }

    /// A join token: its text, and the seed in it.
    mutating func plant(token name: String, _ token: JoinToken) throws {
        let text = String(decoding: try token.text().reveal(), as: UTF8.self)
        let json = String(decoding: try #require(Base64.decode(String(text.dropFirst(13)))), as: UTF8.self)
        let seed = try #require(
            json.split(separator: "\"").first { Base64.decode(String($0))?.count == 32 && $0.count == 44 }
        )
        plant(name, String(text.dropFirst(13).prefix(80)))
        plant(name, String(seed))
    }

    var count: Int { needles.count }

    /// Fails for every secret that stands in `text`.
    func expectNone(in text: String, of source: String, at location: SourceLocation = #_sourceLocation) {
        for needle in needles where text.contains(needle.text) {
            let place = text.range(of: needle.text)
            let line = place.map { text[text.lineRange(for: $0)].prefix(400) } ?? ""
            Issue.record("\(needle.name) stands in \(source): \(line)", sourceLocation: location)
        }
    }
}
