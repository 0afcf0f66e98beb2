import ArgumentParser
import Artifacts
import Configuration
import Coordinator
import Model

extension ArtifactCommands {
    /// `fleet artifact pack`: a directory becomes a deterministic tar.
    struct Pack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pack a directory into a .tar; the same files give the same bytes on every machine.",
            discussion: "The directory has a service.yml at its top. Prints the SHA-256 and the path."
        )

        @Argument(help: "Directory to pack.", completion: .directory)
        var directory: String

        @Option(help: "Version, for the file's name.", transform: Version.init(parsing:))
        var version: Version?

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("File to write (default: ./SERVICE-VERSION.tar, or ./SERVICE.tar).", valueName: "file"),
            completion: .file()
        )
        var out: String?

        @OptionGroup var output: OutputOptions

        /// As machines get it.
        private struct Packed: Encodable {
            let path: String
            let artifact: Artifact
        }

        func run() async throws {
            let specPath = "\(directory)/\(ServiceSpec.fileName)"
            let spec = try ServiceFile.parse(try SmallFile.read(specPath), file: specPath)
            let path = out ?? "./\(spec.service)\(version.map { "-\($0)" } ?? "").tar"
            let artifact = try await ArtifactPacker(tool: try UnpackTool.find()).pack(directory, to: path)
            try output.render(Packed(path: path, artifact: artifact), text: ["\(artifact.digest)  \(path)"])
        }
    }
}
