import Foundation
import Synchronization

@testable import Agent

/// Writes down each change of the disk before it is made, with what `fleet-unpack` has made in between; or cuts the power.
final class DiskRecorder: DiskChange.Witness {
    /// What becomes of a change; nil makes it.
    typealias Verdict = @Sendable (_ change: DiskChange, _ index: Int) -> CInt?

    private let recorded = Mutex<[DiskChange]>([])
    private let verdict: Verdict

    init(_ verdict: @escaping Verdict = { _, _ in nil }) { self.verdict = verdict }

    var changes: [DiskChange] { recorded.withLock { $0 } }

    func refusal(of change: DiskChange) -> CInt? {
        let index = recorded.withLock { changes in
            // The first thing that is made in an unpacked tree.
            if case .makeDirectory(let path) = change, path.hasSuffix("/\(ReleaseFiles.directory)") {
                changes += Self.foreign(beside: path)
            }
            changes.append(change)
            return changes.count - 1
        }
        return verdict(change, index)
    }

    /// The changes that make what lies in a directory, none of them synced.
    private static func foreign(beside path: String) -> [DiskChange] {
        let parent = String(path.dropLast(ReleaseFiles.directory.count + 1))
        return DiskImage.entries(of: parent).flatMap { entry -> [DiskChange] in
            switch entry.kind {
            case .directory(let mode): [.makeDirectory(entry.path), .setMode(entry.path, mode)]
            case .file(let bytes, let mode): [.create(entry.path, mode: mode), .write(entry.path, bytes)]
            case .link(let target): [.symbolicLink(entry.path, target: target)]
            }
        }
    }
}
