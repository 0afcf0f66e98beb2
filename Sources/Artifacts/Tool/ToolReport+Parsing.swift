import Model
import Trust

extension ToolReport {
    /// Takes the line that a child wrote.
    ///
    /// - Throws: `ArtifactError` when it is no report; the child then counts as crashed.
    package init(parsing line: [UInt8]) throws(ArtifactError) {
        let value: JSONValue
        do throws(TrustError) {
            value = try JSONValue(parsing: line)
        } catch {
            throw Self.unreadable("'\(error.advice)'")
        }
        guard case .bool(let isFine)? = value["ok"], let entries = value["entries"]?.integer,
            let bytes = value["bytes"]?.integer, let sandbox = value["sandbox"]?.strings
        else { throw Self.unreadable("a field is missing") }
        self.init(
            error: isFine ? nil : try Self.error(in: value),
            entries: Int(entries),
            bytes: bytes,
            digest: value["digest"]?.string.flatMap { Digest($0) },
            debian: value["debian"].map { Self.debian(in: $0) },
            sandbox: sandbox
        )
    }

    private static func error(in value: JSONValue) throws(ArtifactError) -> ArtifactError {
        guard let code = value["code"]?.string.flatMap({ ArtifactError.Code(rawValue: $0) }),
            let advice = value["advice"]?.string
        else { throw unreadable("its error has no known code") }
        let rule = value["rule"]?.string.flatMap { EntryRule(rawValue: $0) }
        return ArtifactError(code, path: value["path"]?.string, rule: rule, advice)
    }

    private static func debian(in value: JSONValue) -> DebianControl {
        let fields = (value["fields"]?.array ?? []).map(\.strings).filter { $0.count == 2 }
        return DebianControl(
            fields: fields.map { DebianControl.Field(name: $0[0], value: $0[1]) },
            scripts: value["scripts"]?.strings ?? [],
            conffiles: value["conffiles"]?.strings ?? [],
            systemFiles: value["systemFiles"]?.strings ?? []
        )
    }

    private static func unreadable(_ why: String) -> ArtifactError {
        ArtifactError(
            .toolCrashed,
            "fleet-unpack's report can't be read: \(why); install the same version as the agent's"
        )
    }
}
