import Foundation
import Testing

/// Pages that say what holds, against the tests that they name for it.
struct PagesOfTestsTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Checkout.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test(
        "Every test that stands behind a line of the page is there, under its name",
        arguments: ["README.md", "docs/security.md", "docs/failures.md"]
    )
    func links(_ path: String) throws {
        let links = try Self.text(path).matches(of: /\[\w+\]\((?:\.\.\/)?(Tests\/[^)]+)\) "([^"]+)"/)
        #expect(links.count >= 20)
        for link in links {
            let (path, name) = (String(link.output.1), String(link.output.2))
            let file = try #require(try? Self.text(path), "\(path)")
            #expect(file.contains("\"\(name)\""), "\(path) has no test \"\(name)\"")
        }
    }

    @Test(
        "Every attempt and every failure names its test",
        arguments: [
            ("docs/security.md", "## What an attacker may try"), ("docs/failures.md", "# What breaks"),
            ("README.md", "## Policies"),
        ]
    )
    func lines(_ path: String, _ heading: String) throws {
        let parts = try Self.text(path).components(separatedBy: heading)
        let rows = try #require(parts.last).split(separator: "\n").filter { $0.hasPrefix("| ") }
        let claims = rows.filter { !$0.contains("| test |") && !$0.contains("| shown by |") }
        #expect(claims.count >= 20 && claims.allSatisfy { $0.contains(/\]\((\.\.\/)?Tests\//) })
    }
}
