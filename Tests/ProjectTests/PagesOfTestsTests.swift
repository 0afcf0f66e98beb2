import Foundation
import Testing

/// docs/security.md against the tests that it names.
struct SecurityPageTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Checkout.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("Every test that stands behind a line of the page is there, under its name")
    func links() throws {
        let page = try Self.text("docs/security.md")
        let links = page.matches(of: /`(Tests\/[^`]+)` "([^"]+)"/)
        #expect(links.count >= 20)
        for link in links {
            let (path, name) = (String(link.output.1), String(link.output.2))
            let file = try #require(try? Self.text(path), "\(path)")
            #expect(file.contains("\"\(name)\""), "\(path) has no test \"\(name)\"")
        }
    }

    @Test("Every attempt on the page names its test")
    func attempts() throws {
        let page = try Self.text("docs/security.md")
        let parts = page.components(separatedBy: "## What an attacker may try")
        let rows = try #require(parts.last).split(separator: "\n").filter { $0.hasPrefix("| ") }
        let claims = rows.filter { !$0.contains("| test |") }
        #expect(claims.count >= 20 && claims.allSatisfy { $0.contains("`Tests/") })
    }
}
