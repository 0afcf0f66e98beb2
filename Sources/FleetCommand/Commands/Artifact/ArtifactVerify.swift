import ArgumentParser
import Coordinator
import Model
import Trust

extension ArtifactCommands {
    /// `fleet artifact verify`: asks what a host would ask.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that a trusted builder vouches for an artifact, as hosts do."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Artifact.", completion: .file())
        var file: String

        @Option(
            help: ArgumentHelp(
                "File with envelopes (default: those beside the artifact). May be given several times.",
                valueName: "file"
            ),
            completion: .file()
        )
        var provenance: [String] = []

        @Option(
            help: ArgumentHelp("Directory of trusted builders (default: the workspace's).", valueName: "directory"),
            completion: .directory
        )
        var builders: String?

        @Option(
            help: ArgumentHelp("Public key to trust instead; needs --builder.", valueName: "file"),
            completion: .file()
        )
        var key: String?

        @Option(help: ArgumentHelp("Builder id that --key may speak for.", valueName: "uri"))
        var builder: String?

        @OptionGroup var output: OutputOptions

        mutating func validate() throws {
            guard (key == nil) == (builder == nil) else { throw ValidationError("--key and --builder go together") }
        }

        /// As machines get it.
        private struct Verdict: Encodable {
            let builder: String
            let source: SourceRevision?
            let keys: [Digest]
        }

        func run() async throws {
            let verified = try await ArtifactSignature.verify(file, provenance: provenance, trust: try trust())
            let source = verified.provenance.source
            let lines = [
                "\(file) is vouched for",
                "  builder   \(verified.builder)",
                "  source    \(source.map { "\($0.repository) at \($0.revision)" } ?? "not said")",
                "  keys      \(verified.keys.map(\.description).joined(separator: ", "))",
            ]
            let verdict = Verdict(builder: verified.builder, source: source, keys: verified.keys.map(\.id))
            try output.render(verdict, text: lines)
        }

        private func trust() throws -> BuilderTrust {
            if let key, let builder {
                return BuilderTrust([TrustedBuilder(builder: builder, key: try VerificationKey(file: key))])
            }
            return try BuilderTrust.load(directory: try builders ?? common.workspace().layout.builders)
        }
    }
}
