package import Model
package import Trust

/// The one line of JSON by which `fleet-unpack` says how it went.
package struct ToolReport: Hashable, Sendable {
    package var error: ArtifactError?
    package var entries: Int
    package var bytes: Int64
    package var digest: Digest?
    package var debian: DebianControl?
    /// Names of the restraints that held; those that the kernel refused are missing.
    package var sandbox: [String]

    package init(
        error: ArtifactError? = nil,
        entries: Int = 0,
        bytes: Int64 = 0,
        digest: Digest? = nil,
        debian: DebianControl? = nil,
        sandbox: [String] = []
    ) {
        self.error = error
        self.entries = entries
        self.bytes = bytes
        self.digest = digest
        self.debian = debian
        self.sandbox = sandbox
    }

    /// The line without its newline.
    package func line() throws(ArtifactError) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init("ok", .bool(error == nil)),
            .init("entries", .integer(Int64(entries))),
            .init("bytes", .integer(bytes)),
            .init("sandbox", .strings(sandbox)),
        ]
        if let digest { members.append(.init("digest", .string(digest.hex))) }
        if let debian { members.append(.init("debian", Self.value(of: debian))) }
        if let error {
            members.append(.init("code", .string(error.code.rawValue)))
            members.append(.init("advice", .string(error.advice)))
            if let path = error.path { members.append(.init("path", .string(path))) }
            if let rule = error.rule { members.append(.init("rule", .string(rule.rawValue))) }
        }
        do throws(TrustError) {
            return try JSONValue.object(members).canonicalBytes()
        } catch {
            throw ArtifactError(.system, "the report can't be written: \(error.advice)")
        }
    }

    private static func value(of debian: DebianControl) -> JSONValue {
        .object([
            .init("fields", .array(debian.fields.map { .strings([$0.name, $0.value]) })),
            .init("scripts", .strings(debian.scripts)),
            .init("conffiles", .strings(debian.conffiles)),
            .init("systemFiles", .strings(debian.systemFiles)),
        ])
    }
}

extension JSONValue {
    package static func strings(_ texts: [String]) -> Self { .array(texts.map { .string($0) }) }

    var strings: [String] { array?.compactMap(\.string) ?? [] }

    var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }
}
