import Foundation
import Testing

/// House rules that a reader would otherwise have to watch over.
struct HygieneTests {
    @Test("Nothing is left open without an issue number")
    func noOpenEnds() throws {
        for file in try Checkout.swiftFiles("Sources") {
            for word in ["TODO", "FIXME"] { #expect(!file.text.contains(word), "\(file.path)") }
        }
    }

    @Test("What can trap or race by construction is only where C is")
    func noEscapes() throws {
        for file in try Checkout.swiftFiles("Sources") where !file.path.hasPrefix("Sources/TLS/") {
            for word in ["@unchecked Sendable", "nonisolated(unsafe)", "try!", "fatalError("] {
                #expect(!file.text.contains(word), "\(file.path) uses \(word)")
            }
        }
    }

    @Test("Every main type says what it is")
    func typesAreDocumented() throws {
        let declaration = try Regex("(?m)^(package )?(final )?(struct|enum|actor|class|protocol) [A-Z]")
        for file in try Checkout.swiftFiles("Sources") {
            guard let match = file.text.firstMatch(of: declaration) else { continue }
            #expect(file.text[..<match.range.lowerBound].contains("///"), "\(file.path)")
        }
    }

    @Test("No file has become a book")
    func filesAreSmall() throws {
        for file in try Checkout.swiftFiles("Sources") {
            #expect(file.text.split(separator: "\n", omittingEmptySubsequences: false).count <= 500, "\(file.path)")
        }
    }

    @Test("The project speaks of itself alone")
    func standsAlone() throws {
        for file in try Checkout.swiftFiles("Sources") + Checkout.swiftFiles("Tests") {
            #expect(!file.text.contains("/wo" + "rk/"), "\(file.path) names a path of one machine")
        }
    }
}
