import Artifacts
import Model

/// The arguments of `fleet-unpack`: a mode, then options; parsed without a library, before the sandbox.
struct ToolArguments {
    enum Mode: String, CaseIterable {
        case unpack
        case pack
        case list
        case print
        case encode
        case decode
        case selfTest = "self-test"
    }

    let mode: Mode
    private var options: [String: String] = [:]
    /// Whether the report goes to its descriptor; otherwise to standard error, for people.
    private(set) var hasReportDescriptor = false
    /// Whether nothing may be read unless the sandbox holds.
    private(set) var mustBeConfined = false
    /// A directory named by people; the parent passes a descriptor.
    private(set) var directory: String?

    private static let known = [
        "--format", "--entries", "--maximum", "--path-length", "--path", "--limit", "--level", "--threads",
        "--cpu-seconds", "--only",
    ]

    /// - Throws: `ArtifactError` naming the argument that isn't understood.
    init(_ arguments: [String]) throws(ArtifactError) {
        guard let mode = arguments.first.flatMap({ Mode(rawValue: $0) }) else {
            let modes = Mode.allCases.map(\.rawValue).joined(separator: " | ")
            throw Self.usage("usage: fleet-unpack \(modes) [DIR] [options] < artifact")
        }
        self.mode = mode
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() {
            if argument == "--report" {
                hasReportDescriptor = true
            } else if argument == "--confined" {
                mustBeConfined = true
            } else if Self.known.contains(argument), let value = rest.popFirst() {
                options[argument] = value
            } else if !argument.hasPrefix("-"), directory == nil {
                directory = argument
            } else {
                throw Self.usage("'\(argument)' is no option, or has no value")
            }
        }
    }

    func format() throws(ArtifactError) -> ArtifactFormat {
        guard let format = options["--format"].flatMap({ ArtifactFormat(rawValue: $0) }) else {
            let names = ArtifactFormat.allCases.map(\.rawValue).joined(separator: " | ")
            throw Self.usage("--format must be \(names)")
        }
        return format
    }

    func bounds() throws(ArtifactError) -> UnpackBounds {
        let standard = UnpackBounds()
        return UnpackBounds(
            entries: Int(try number("--entries", standard: Int64(standard.entries))),
            bytes: ByteCount(try number("--maximum", standard: standard.bytes.bytes)),
            pathLength: Int(try number("--path-length", standard: Int64(standard.pathLength)))
        )
    }

    func path() throws(ArtifactError) -> TreePath {
        guard let path = options["--path"] else { throw Self.usage("--path must name a file of the artifact") }
        return try TreePath(Array(path.utf8))
    }

    /// The restraint that a self-test is about.
    func restraint() throws(ArtifactError) -> Restraint? {
        guard let name = options["--only"] else { return nil }
        guard mode == .selfTest, let restraint = Restraint(rawValue: name) else {
            let names = Restraint.allCases.map(\.rawValue).joined(separator: " | ")
            throw Self.usage("--only is for self-test, and must be \(names)")
        }
        return restraint
    }

    func number(_ option: String, standard: Int64) throws(ArtifactError) -> Int64 {
        guard let text = options[option] else { return standard }
        guard let number = Int64(text), number >= 0 else { throw Self.usage("\(option) must be a number") }
        return number
    }

    private static func usage(_ advice: String) -> ArtifactError { ArtifactError(.usage, advice) }
}
