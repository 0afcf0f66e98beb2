import Coordinator
import Model
import Trust

/// A trust root as lines of text: keys, files, what it changes, and who has signed it.
struct RootText {
    private let signed: SignedRoot
    private let before: TrustRoot?

    /// `before` is the version that it follows, where that is known.
    init(_ signed: SignedRoot, after before: TrustRoot?) {
        self.signed = signed
        self.before = before
    }

    var lines: [String] {
        let root = signed.root
        let keys = root.keys.map { "  key       \($0.name): \($0.key)" }
        let files = root.files.map { "  file      \($0.path) (\(SHA256.digest(of: Array($0.text.utf8)).short))" }
        return [
            "\(root.description), \(signed.digest.short)",
            "  threshold \(root.threshold) of \(root.keys.count); expires \(root.expires.map { "\($0)" } ?? "never")",
        ] + keys + files + changes + signatures
    }

    private var changes: [String] {
        guard let before else { return [] }
        let root = signed.root
        let gone = before.files.filter { file in !root.files.contains { $0.path == file.path } }.map { "- \($0.path)" }
        let new = root.files.filter { file in !before.files.contains { $0.path == file.path } }.map { "+ \($0.path)" }
        let changed = root.files.filter { file in
            before.files.contains { $0.path == file.path && $0.text != file.text }
        }.map { "~ \($0.path)" }
        let keysGone = before.keys.filter { !root.keys.contains($0) }.map { "- key \($0.name)" }
        let keysNew = root.keys.filter { !before.keys.contains($0) }.map { "+ key \($0.name)" }
        let threshold =
            before.threshold == root.threshold ? [] : ["~ threshold, \(before.threshold) before"]
        return (gone + new + changed + keysGone + keysNew + threshold).map { "  change    \($0)" }
    }

    private var signatures: [String] {
        [before, signed.root].compactMap(\.self).map { root in
            let names = signed.signers(among: root)
            let verdict = names.count >= root.threshold ? "enough" : "\(root.threshold - names.count) more needed"
            return
                "  signed    by \(names.isEmpty ? "none" : names.joined(separator: ", ")) of version \(root.version): \(verdict)"
        }
    }
}
