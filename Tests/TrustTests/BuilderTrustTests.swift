import Foundation
import Model
import Testing

@testable import Trust

struct BuilderTrustTests {
    private let entry: TrustedBuilder

    init() throws {
        entry = TrustedBuilder(builder: "https://ci", source: "git+https://r", key: try SigningKey.generate().publicKey)
    }

    private func write(_ scratch: Scratch, _ name: String, _ bytes: [UInt8], mode: Int = 0o644) throws {
        let path = try scratch.write(name, bytes)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test("Entries are read in the order of their names; other files are left alone")
    func load() throws {
        let scratch = try Scratch()
        let second = TrustedBuilder(
            builder: "https://dev",
            services: [ServiceName(validated: "web")],
            environments: [EnvironmentName(validated: "dev"), EnvironmentName(validated: "test")],
            key: entry.key
        )
        try write(scratch, "b.json", try entry.json())
        try write(scratch, "a.json", try second.json())
        try write(scratch, "README", Array("not an entry".utf8))
        try write(scratch, ".hidden.json", Array("not an entry".utf8))
        #expect(try BuilderTrust.load(directory: scratch.path).builders == [second, entry])
    }

    @Test("An empty directory trusts nobody, a missing one is an error")
    func nothing() throws {
        let scratch = try Scratch()
        #expect(try BuilderTrust.load(directory: scratch.path).builders.isEmpty)
        let error = #expect(throws: TrustError.self) { try BuilderTrust.load(directory: scratch.file("absent")) }
        #expect(error?.code == .fileUnreadable)
    }

    @Test("An entry that others could change is refused", arguments: [0o664, 0o646])
    func permissions(_ mode: Int) throws {
        let scratch = try Scratch()
        try write(scratch, "ci.json", try entry.json(), mode: mode)
        let error = #expect(throws: TrustError.self) { try BuilderTrust.load(directory: scratch.path) }
        #expect(error?.code == .buildersInvalid)
        #expect(error?.advice.contains("chmod go-w") == true)
    }

    @Test("An entry that is no file is refused without waiting for it")
    func pipe() throws {
        let scratch = try Scratch()
        try #require(mkfifo(scratch.file("ci.json"), 0o600) == 0)
        let error = #expect(throws: TrustError.self) { try BuilderTrust.load(directory: scratch.path) }
        #expect(error?.advice == "is no regular file")
    }

    @Test(
        "A broken entry is refused by name",
        arguments: [
            "", "[]", "{}", #"{"builder":"b"}"#, #"{"builder":"b","key":"no key"}"#,
            #"{"builder":"","key":"k"}"#, #"{"builder":"b","key":"k","sources":"x"}"#,
            #"{"builder":"b","key":"k","source":null}"#, #"{"builder":"b","key":"k","environments":[]}"#,
            #"{"builder":"b","key":"k","services":"web"}"#, #"{"builder":"b","key":"k","services":["web",1]}"#,
        ]
    )
    func broken(_ text: String) throws {
        let scratch = try Scratch()
        try write(scratch, "ci.json", Array(text.utf8))
        let error = #expect(throws: TrustError.self) { try BuilderTrust.load(directory: scratch.path) }
        #expect(error?.subject == scratch.file("ci.json"))
    }
}
