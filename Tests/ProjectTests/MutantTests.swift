import Foundation
import Testing

/// Tests/Mutants against the code that they change: `scripts/mutants` takes too long to find out every day.
struct MutantTests {
    @Test("Every mutant still fits its file: what it replaces stands there exactly once")
    func fits() throws {
        let directory = Checkout.root.appendingPathComponent("Tests/Mutants")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".mutant") }
        #expect(names.count >= 30)
        for name in names.sorted() {
            let text = try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
            let match = text.firstMatch(of: /file: (.+)\n--- old\n([\s\S]*?)\n--- new\n/)
            let parts = try #require(match, "\(name)").output
            let file = Checkout.root.appendingPathComponent(String(parts.1))
            let code = try String(contentsOf: file, encoding: .utf8)
            let count = code.components(separatedBy: parts.2.trimmingSuffix { $0.isNewline }).count - 1
            #expect(count == 1, "\(name) finds its text \(count) times in \(parts.1)")
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isPart: (Character) -> Bool) -> String {
        var rest = self
        while let last = rest.last, isPart(last) { rest.removeLast() }
        return String(rest)
    }
}
