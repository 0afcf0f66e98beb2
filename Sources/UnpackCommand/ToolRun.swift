import Archive
import Artifacts
import Glibc
import Model

/// One run of one mode: the sandbox first, then the work, then what there is to report.
struct ToolRun {
    /// Address space that multi-threaded compression at high levels needs.
    private static let encoderMemory: UInt64 = 8 << 30

    private let arguments: ToolArguments
    private let output = OpenFile(owning: ToolDescriptor.output.rawValue)

    init(_ arguments: ToolArguments) { self.arguments = arguments }

    /// Never throws: what went wrong is in the report.
    func report() -> ToolReport {
        var held: [String] = []
        do throws(ArtifactError) {
            let needs = try needs()
            let required = arguments.mustBeConfined ? Restraint.required : []
            held = Sandbox.enter(needs)
            try Restraint.require(required, among: held)
            var report = try work(in: needs.directory)
            report.sandbox = held
            return report
        } catch {
            return ToolReport(error: error, sandbox: held)
        }
    }

    private func needs() throws(ArtifactError) -> Sandbox.Needs {
        var needs = Sandbox.Needs()
        needs.directory = try directory()
        needs.cpuSeconds = UInt64(try arguments.number("--cpu-seconds", standard: Int64(needs.cpuSeconds)))
        switch arguments.mode {
        case .list, .print, .decode, .pack: break
        case .unpack:
            needs.mayCreate = true
            needs.fileSize = UInt64(try arguments.bounds().bytes.bytes)
        case .encode:
            needs.needsThreads = true
            needs.memory = Self.encoderMemory
            needs.cpuSeconds *= 1 + UInt64(try threads())
        case .selfTest:
            needs.only = try arguments.restraint()
            needs.mayCreate = true
            needs.fileSize = SandboxProbe.fileSize
        }
        return needs
    }

    private func threads() throws(ArtifactError) -> Int32 {
        Int32(clamping: try arguments.number("--threads", standard: 0))
    }

    private func directory() throws(ArtifactError) -> OpenFile? {
        switch arguments.mode {
        case .list, .print, .encode, .decode: nil
        case .unpack, .pack, .selfTest:
            if let path = arguments.directory {
                try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY)
            } else {
                OpenFile(owning: ToolDescriptor.directory.rawValue)
            }
        }
    }

    private func work(in directory: OpenFile?) throws(ArtifactError) -> ToolReport {
        switch (arguments.mode, directory) {
        case (.unpack, let staging?): return try writing(reader().unpack(into: staging))
        case (.list, _): return try writing(reader().check())
        case (.pack, let tree?): return try TreePacker(tree, arguments.bounds()).write(to: output)
        case (.print, _):
            let limit = ByteCount(try arguments.number("--limit", standard: 1 << 20))
            try write(reader().content(of: arguments.path(), limit: limit))
            return ToolReport()
        case (.encode, _):
            let level = Int32(clamping: try arguments.number("--level", standard: 3))
            let input = ToolDescriptor.input.rawValue
            return ToolReport(bytes: try ZstdEncoder.encode(input, to: output, level: level, threads: threads()))
        case (.decode, _):
            let maximum = ByteCount(try arguments.number("--maximum", standard: 8 << 30))
            return ToolReport(
                bytes: try ZstdDecoder.decode(ToolDescriptor.input.rawValue, to: output, maximum: maximum)
            )
        case (.selfTest, let directory?):
            try write(Array(SandboxProbe.run(in: directory).joined(separator: "\n").utf8))
            return ToolReport()
        case (.unpack, nil), (.pack, nil), (.selfTest, nil): throw ArtifactError(.usage, "no directory was given")
        }
    }

    private func reader() throws(ArtifactError) -> ArtifactReader {
        ArtifactReader(ToolDescriptor.input.rawValue, try arguments.format(), try arguments.bounds())
    }

    private func writing(_ result: (report: ToolReport, manifest: TreeManifest)) throws(ArtifactError) -> ToolReport {
        try write(result.manifest.bytes)
        return result.report
    }

    private func write(_ bytes: [UInt8]) throws(ArtifactError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ArtifactError) in
            try output.write(UnsafeRawBufferPointer(bytes), name: "the output")
        }
    }
}
