import ArgumentParser
import Artifacts
import Coordinator
import Model

extension ArtifactCommands {
    /// `fleet artifact inspect`: what a file holds.
    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what an artifact holds, checked by every rule that hosts unpack by."
        )

        @Argument(help: "Artifact.", completion: .file())
        var file: String

        @OptionGroup var output: OutputOptions

        /// As machines get it.
        private struct Record: Encodable {
            let artifact: Artifact
            let entries: Int
            let unpacked: ByteCount
            let tree: Digest
            let spec: ServiceSpec?
            let debian: PackageRecord?
            let provenance: [String]
        }

        func run() async throws {
            let found = try await ArtifactInspection.inspect(file, tool: try UnpackTool.find())
            let record = Record(
                artifact: found.artifact,
                entries: found.entries,
                unpacked: found.unpacked,
                tree: found.tree,
                spec: found.spec,
                debian: found.debian.map(PackageRecord.init),
                provenance: found.provenance
            )
            try output.render(record, text: InspectionText(found).lines)
        }
    }
}
