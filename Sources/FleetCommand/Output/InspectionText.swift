import Artifacts
import Coordinator
import Model

/// What an artifact holds, as lines of text.
struct InspectionText {
    private let found: ArtifactInspection

    init(_ found: ArtifactInspection) { self.found = found }

    var lines: [String] {
        let artifact = found.artifact
        let files = [
            "\(found.path): \(artifact.format.rawValue), \(artifact.size)",
            "  sha256    \(artifact.digest)",
            "  unpacked  \(found.entries) entries, \(found.unpacked); tree \(found.tree.short)",
        ]
        return files + service + debian + provenance
    }

    private var service: [String] {
        guard let spec = found.spec else { return ["  service   none: \(found.specProblem ?? "no service.yml")"] }
        let unit = spec.unit.unitName.map { ", unit \($0)" } ?? ""
        let checks = spec.checks.map { "  check     \($0.label)" }
        return ["  service   \(spec.service), strategy \(spec.strategy.rawValue)\(unit)"] + checks
    }

    private var debian: [String] { found.debian.map(Self.lines(of:)) ?? [] }

    /// What a `.deb` says of itself, and what of it Fleet would not use.
    static func lines(of control: DebianControl) -> [String] {
        func line(_ name: String, _ items: [String], _ note: String = "") -> [String] {
            items.isEmpty ? [] : ["  \(name)\(items.joined(separator: ", "))\(note)"]
        }
        // Long fields, the description above all, show their first line.
        let fields = control.fields.filter { !["Package", "Version"].contains($0.name) }.map { field in
            "    \(field.name): \(field.value.split(separator: "\n").first ?? "")"
        }
        return ["  package   \(control["Package"] ?? "?") \(control["Version"] ?? "?")"] + fields
            + line("conffiles ", control.conffiles)
            + line("scripts   ", control.scripts, "; Fleet never runs them")
            + line("system    ", control.systemFiles, "; Fleet installs the units that service.yml names, nothing else")
    }

    private var provenance: [String] {
        guard !found.provenance.isEmpty else { return ["  signed    no provenance beside it"] }
        return found.provenance.map { "  signed    \($0); `fleet artifact verify` checks it" }
    }
}
