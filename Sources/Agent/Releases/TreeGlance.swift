internal import Artifacts
internal import Glibc
internal import Model
internal import Synchronization

/// Notices changes of a release's tree without reading it all at each look.
///
/// Names, types, modes and sizes are held against the manifest each time. Content is read only of what has a younger change
/// time (ctime, which no system call sets) than Fleet's own papers, which were written last: once for each such state, and
/// no more of it in one look than the bound. Who can set the clock or write to the disk below the file system gets past it;
/// `agent verify` reads everything.
final class TreeGlance: Sendable {
    private let state = Mutex(State())

    private struct State {
        var looks = 0
        var tree = ""
        var manifest: [UInt8] = []
        var expected: [[UInt8]: TreeEntry] = [:]
        var memory = TreeMemory()
        var last: [String] = []
    }

    /// Walking a tree of thousands of files costs milliseconds, so every third look does, which is 15 s.
    private static let rate = 3
    /// Read in one look at most; more is read by the next ones.
    private static let bound = ByteCount.mebibytes(64)

    /// What differs, `known` first; blocks.
    func differences(_ known: [String], in tree: String, manifest: [UInt8]) throws -> [String] {
        try state.withLock { state in
            defer { state.looks += 1 }
            if state.tree != tree || state.manifest != manifest {
                state = State()
                state.tree = tree
                state.manifest = manifest
                for entry in try TreeManifest(parsing: manifest).entries() { state.expected[entry.path.bytes] = entry }
            }
            guard state.looks % Self.rate == 0 else { return known + state.last }
            let found = try TreeManifest.glance(
                at: tree,
                expecting: state.expected,
                &state.memory,
                papers: ReleaseFiles.directory,
                reading: Self.bound
            )
            state.last = found.map(\.description)
            return known + state.last
        }
    }
}
