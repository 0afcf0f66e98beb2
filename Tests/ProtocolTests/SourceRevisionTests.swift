import Model
import Testing

@testable import Protocol

struct SourceRevisionTests {
    @Test(
        "Authors travel, and a peer that knows none says none",
        arguments: [[], ["ada@example.com", "bob@example.com"]]
    )
    func authors(_ authors: [String]) throws {
        let source = SourceRevision(repository: "git+https://h/r", revision: "abc", authors: authors)
        #expect(try SourceRevision(wire: source.wire) == source)
    }
}
