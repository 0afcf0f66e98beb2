import Foundation
import Model
import Testing

@testable import Coordinator

struct SourceTreeTests {
    @Test(
        "A remote becomes a repository without its password",
        arguments: [
            ("https://git.example.com/web.git", "git+https://git.example.com/web.git"),
            ("https://bob:secret@git.example.com/web", "git+https://git.example.com/web"),
            ("ssh://git@git.example.com/web", "git+ssh://git.example.com/web"),
            ("git@git.example.com:web.git", "git+git@git.example.com:web.git"),
        ]
    )
    func repository(_ remote: String, _ expected: String) {
        #expect(SourceTree.repository(remote) == expected)
    }

    @Test("A clean tree is known by its tag; one with changes of its own by its digest too, and without a source")
    func git() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.write("one", to: "file")
        let git = ["git", "-C", scratch.directory, "-c", "user.name=t", "-c", "user.email=t@example.com"]
        for words in [
            ["init", "-q"], ["add", "."],
            ["commit", "-qm", "one\n\nCo-authored-by: Bob <Bob@example.com>\nCo-authored-by: T <t@example.com>"],
            ["tag", "v1.2"],
            ["remote", "add", "origin", "https://git.example.com/web"],
        ] {
            _ = try await ExternalCommand(git + words).succeed()
        }
        let clean = try #require(await SourceTree.state(of: scratch.directory))
        #expect(clean.description == "v1.2")
        #expect(clean.origin?.repository == "git+https://git.example.com/web")
        #expect(clean.origin?.authors == ["t@example.com", "bob@example.com"])
        #expect(clean.committedAt != nil)
        let artifact = Artifact(
            digest: Digest(bytes: Array(repeating: 7, count: 32)),
            size: ByteCount(1),
            format: .tar
        )
        #expect(ArtifactNaming.version(of: artifact, tree: clean).text == "v1.2")
        try scratch.write("two", to: "file")
        let dirty = try #require(await SourceTree.state(of: scratch.directory))
        #expect(dirty.origin == nil)
        #expect(ArtifactNaming.version(of: artifact, tree: dirty).text == "v1.2-dirty-070707070707")
    }

    @Test(
        "A file's name says its version",
        arguments: [
            ("hello-1.4.2.tar.gz", ArtifactFormat.tarGzip, "1.4.2" as String?), ("hello-1.tar", .tar, "1"),
            ("other-1.tar", .tar, nil), ("hello.tar", .tar, nil),
        ]
    )
    func fileName(_ name: String, _ format: ArtifactFormat, _ expected: String?) throws {
        let hello = try #require(ServiceName("hello"))
        #expect(ArtifactNaming.version(fileName: name, service: hello, format: format)?.text == expected)
    }
}
