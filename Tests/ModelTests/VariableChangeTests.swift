import Model
import Testing

struct VariableChangeTests {
    private static func release(_ config: [String: String], _ secrets: [String: String] = [:]) throws -> Release {
        Release(
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "production"),
            version: Version(validated: "1.4.2"),
            artifact: Artifact(
                digest: Digest(bytes: [UInt8](repeating: 1, count: 32)),
                size: .mebibytes(1),
                format: .tar
            ),
            config: try config.map { try ConfigEntry(key: $0.key, value: $0.value) },
            secrets: secrets.map { SecretReference(variable: $0.key, credential: $0.value) }
        )
    }

    @Test("What differs is told by name, in order; what is alike is not")
    func changes() throws {
        let old = try Self.release(
            ["LEVEL": "debug", "OLD": "1", "SAME": "x", "TOKEN": "plain"],
            ["API_KEY": "api-key@2", "CERT": "cert"]
        )
        let new = try Self.release(
            ["LEVEL": "info", "NEW": "", "SAME": "x"],
            ["API_KEY": "api-key@3", "CERT": "cert", "TOKEN": "token"]
        )
        #expect(
            new.variableChanges(since: old).map(\.description) == [
                "API_KEY: credential api-key@2 -> credential api-key@3",
                "LEVEL: debug -> info",
                "+ NEW: \"\"",
                "- OLD: 1",
                "TOKEN: plain -> credential token",
            ]
        )
        #expect(old.variableChanges(since: old).isEmpty)
        // Unicode calls these two equal, systemd and the release's digest do not.
        let composed = try Self.release(["NAME": "\u{E9}"]).variableChanges(since: Self.release(["NAME": "e\u{301}"]))
        #expect(composed.count == 1)
    }

    @Test(
        "A value can't hide what stands behind it on the screen of whoever approves it",
        arguments: ["a\u{1B}[2K", "\u{202E}b", "c\u{8}", "d\u{85}"]
    )
    func unseen(_ value: String) {
        let text = VariableSource.value(value).description
        #expect(text.hasPrefix("\"") && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
    }
}
