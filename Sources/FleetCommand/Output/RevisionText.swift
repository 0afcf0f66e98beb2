import Coordinator
import Model

/// The revisions between two releases as lines of text, as far as a git repository here has them.
struct RevisionText {
    private let old: SourceRevision?
    private let new: SourceRevision?

    init(_ old: SourceRevision?, _ new: SourceRevision?) {
        self.old = old
        self.new = new
    }

    /// Nothing for releases of the same revision, of different repositories, or without a known source.
    func lines(in directory: String) async -> [String] {
        guard let old, let new, old.repository == new.repository, old.revision != new.revision else { return [] }
        let range = "\(old.revision)..\(new.revision)"
        guard let log = await SourceTree.log(range, in: directory) else {
            return ["  between   \(range) (not in a repository here)"]
        }
        return ["  between   \(log.count) revisions"] + log.map { "            \($0)" }
    }
}
