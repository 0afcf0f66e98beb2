import Foundation
import Glibc

/// The commands of the package `fleet`, unpacked beside the tests: this machine need not have it installed.
final class Tools: Sendable {
    private let root: Result<String, any Error>

    private let source: String

    /// Those of the packages in a directory.
    init(_ source: String, name: String) {
        self.source = source
        root = Result {
            let root = "\(Machine.scratch)/\(name)-\(getpid())"
            try FileManager.default.createDirectory(atPath: "\(root)/bin", withIntermediateDirectories: true)
            for package in try Self.find(in: source) where !package.contains("/fleet-agent_") {
                let end = try Machine.run(["dpkg-deb", "--extract", package, root], log: "\(root)/extract")
                guard end.code == 0 else { throw Child.Problem(description: "\(end)") }
            }
            for path in ["usr/bin/fleet", "usr/libexec/fleet/fleet-unpack"] {
                let name = URL(filePath: path).lastPathComponent
                try FileManager.default.moveItem(atPath: "\(root)/\(path)", toPath: "\(root)/bin/\(name)")
            }
            return root
        }
    }

    /// For PATH.
    var directory: String { (try? root.get()).map { "\($0)/bin" } ?? "" }

    /// Every .deb.
    var packages: [String] {
        get throws { try Self.find(in: source) }
    }

    func remove() {
        guard let root = try? root.get() else { return }
        try? FileManager.default.removeItem(atPath: root)
    }

    private static func find(in source: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: source).filter { $0.hasSuffix(".deb") }.sorted()
            .map { "\(source)/\($0)" }
    }
}
