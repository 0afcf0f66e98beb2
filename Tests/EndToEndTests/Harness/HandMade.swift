import Foundation

/// A release that a scenario writes itself, for what the examples don't show.
struct HandMade: Sendable {
    let service: String
    let version: String
    /// Further lines of `service.yml`; those that say which unit to start are there unless `unit` is nil.
    var spec: [String] = []
    /// Further lines of the unit's section `[Service]`.
    var unit: [String]? = []
    /// The script that the unit runs.
    var run = "exec sleep infinity"
    /// Further scripts in `bin`.
    var scripts: [String: String] = [:]
    /// Further files, by path.
    var others: [String: String] = [:]

    /// Path and text of every file; those in `bin` are scripts.
    fileprivate var files: [String: String] {
        var files = ["bin/run": run].merging(scripts.map { ("bin/\($0)", $1) }) { $1 }.mapValues {
            "#!/bin/sh\nset -eu\n\($0)\n"
        }
        var lines = ["service: \(service)", "healthy_for: 500ms", "check_interval: 100ms"] + spec
        if let unit {
            lines.append("unit: systemd/\(service).service")
            let settings = ["ExecStart=/srv/\(service)/current/bin/run", "Type=exec"] + unit
            files["systemd/\(service).service"] = """
                [Service]
                \(settings.joined(separator: "\n"))

                [Install]
                WantedBy=multi-user.target

                """
        }
        files["service.yml"] = lines.joined(separator: "\n") + "\n"
        return files.merging(others) { $1 }
    }
}

extension Fleet {
    /// Writes a release into the workspace.
    func write(_ release: HandMade) throws -> ExampleRelease {
        let path = "dist/\(release.service)-\(release.version)"
        try write(release, to: path)
        return ExampleRelease(service: release.service, version: release.version, path: path)
    }

    /// Writes the files of a release into a directory of the workspace.
    func write(_ release: HandMade, to path: String) throws {
        for (name, text) in release.files {
            let file = "\(directory)/\(path)/\(name)"
            let parent = URL(filePath: file).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let mode = name.hasPrefix("bin/") ? 0o755 : 0o644
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        }
    }

    /// Changes a text in a file of a release that was built.
    func edit(_ release: ExampleRelease, _ file: String, replace old: String, with new: String) throws {
        let path = "\(directory)/\(release.path)/\(file)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard text.contains(old) else { throw Child.Problem(description: "there is no '\(old)' in \(path): \(text)") }
        try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }
}
