import Coordinator
import Model

/// What differs between two releases, as lines of text.
struct DifferenceText {
    private let found: ReleaseDifference

    init(_ found: ReleaseDifference) { self.found = found }

    /// `revisions` stand behind the source that they belong to.
    func lines(revisions: [String]) -> [String] {
        let (before, after) = (found.before, found.after)
        let changes =
            origin + revisions + found.variables.map { "  config    \($0)" } + found.keys.map(Self.line) + files
        let unknown = found.unknown.map { "  unknown   \($0)" }
        let head = ["\(found.service)", "- \(Self.title(before))", "+ \(Self.title(after))"]
        guard changes.isEmpty else { return head + changes + unknown }
        let known = before.id == after.id ? "the same release" : "nothing differs that is known here"
        return head + ["  \(known)"] + unknown
    }

    private static func title(_ release: ComparedRelease) -> String {
        guard let confirmed = release.confirmed else { return "\(release.id) in \(release.environment)" }
        return "\(release.id) in \(release.environment) since \(confirmed.since) (\(confirmed.rollout.label))"
    }

    private var origin: [String] {
        let (before, after) = (found.before, found.after)
        return step("artifact", before.artifact.digest.short, after.artifact.digest.short)
            + step("format", before.artifact.format.rawValue, after.artifact.format.rawValue)
            + step("builder", before.builder, after.builder)
            + step("source", before.source?.repository, after.source?.repository)
            + step("revision", before.source?.revision, after.source?.revision)
    }

    /// Nothing where both are the same.
    private func step(_ name: String, _ before: String?, _ after: String?) -> [String] {
        guard before != after else { return [] }
        let label = name + String(repeating: " ", count: max(1, 10 - name.count))
        return ["  \(label)\(before ?? "not known") -> \(after ?? "not known")"]
    }

    private static func line(_ change: ReleaseDifference.KeyChange) -> String {
        func shown(_ text: String) -> String { VariableSource.value(text).description }
        switch (change.before, change.after) {
        case (let before?, let after?): return "  service   \(change.key): \(shown(before)) -> \(shown(after))"
        case (nil, let after?): return "  service   + \(change.key): \(shown(after))"
        case (let before?, nil): return "  service   - \(change.key): \(shown(before))"
        case (nil, nil): return "  service   \(change.key)"
        }
    }

    private var files: [String] {
        found.files.flatMap { file in
            ["--- \(file.path) \(found.before.id.version)", "+++ \(file.path) \(found.after.id.version)"] + file.lines
        }
    }
}
