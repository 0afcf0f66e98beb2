import Artifacts
import Foundation
import Model
import Testing

/// A directory to unpack into for each archive, and beside it what a hostile one would like to reach.
struct HostileScene {
    let place: Workplace
    private let before: String

    /// What `script` makes lies there from the beginning.
    init(_ script: String = "true") throws {
        place = try Workplace("hostile")
        try place.shell("mkdir outside; echo secret > outside/secret\n\(script)")
        before = try Self.outside(of: place)
    }

    var outside: String { "\(place.path)/outside" }

    /// Unpacks each tar in the format, as an agent would.
    func unpack(
        _ tars: [[UInt8]],
        as format: ArtifactFormat,
        _ bounds: UnpackBounds
    ) throws -> [MeasuredTool.Run] {
        let files = tars.indices.map { "in/\($0).\(format.rawValue)" }
        try place.shell("mkdir in")
        for (index, tar) in tars.enumerated() {
            let isPackage = format == .debian
            try write(isPackage ? DebianBytes.package(data: tar) : tar, isPackage ? files[index] : "in/\(index).tar")
        }
        switch format {
        case .tar, .debian: break
        case .tarGzip: try place.shell("gzip -n1 in/*")
        case .tarZstd: try place.shell("zstd -q --rm in/*")
        case .tarXZ: try place.shell("xz -0 in/*")
        }
        let jobs = try files.enumerated().map { try job(format, $1, "staging-\($0)", bounds) }
        let runs = try MeasuredTool(place: place).run(jobs)
        try place.shell("rm -r in")
        return runs
    }

    /// Unpacks one file that lies there.
    func unpack(_ name: String, _ format: ArtifactFormat, _ bounds: UnpackBounds) throws -> MeasuredTool.Run {
        try MeasuredTool(place: place).run(job(format, name, "staging-0", bounds))
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(place.path)/\(name)"))
    }

    private func job(
        _ format: ArtifactFormat,
        _ input: String,
        _ staging: String,
        _ bounds: UnpackBounds
    ) throws -> MeasuredTool.Job {
        _ = try place.staging(staging)
        return MeasuredTool.Job(
            arguments: [
                "unpack", "--confined", "--format", format.rawValue, "--entries", "\(bounds.entries)", "--maximum",
                "\(bounds.bytes.bytes)", "--path-length", "\(bounds.pathLength)",
            ],
            input: input,
            directory: "\(place.path)/\(staging)"
        )
    }

    /// What was changed outside the directories, or came out in them that never may.
    func damage() throws -> String {
        let after = try Self.outside(of: place)
        let inside = try place.shell(
            """
            find staging-* ! -type d ! -type f ! -type l
            find staging-* ! -type l -perm /7000
            find staging-* -type l -print0 | xargs -0r realpath -mz -- | { grep -zv "^$(realpath .)/staging-" || true; }
            """
        )
        return (before == after ? "" : "outside was:\n\(before)and is:\n\(after)") + inside
    }

    private static func outside(of place: Workplace) throws -> String {
        try place.shell("find outside -printf '%p %y %s %m %n %T@\\n'; find . -maxdepth 1 ! -name 'staging-*' | sort")
    }
}
