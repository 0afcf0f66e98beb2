import ArgumentParser
import Coordinator
import Model
import Trust

extension ArtifactCommands {
    /// `fleet artifact verify`: asks what a host would ask.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check what trusted builders and attesters say of an artifact, as hosts do."
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

        @Option(
            help: ArgumentHelp("Directory of trusted attesters (default: the workspace's).", valueName: "directory"),
            completion: .directory
        )
        var attesters: String?

        @Option(help: "Attestation that must be there: test-result or review. May be given several times.")
        var require: [AttestationKind] = []

        @OptionGroup var output: OutputOptions

        mutating func validate() throws {
            guard (key == nil) == (builder == nil) else { throw ValidationError("--key and --builder go together") }
        }

        /// As machines get it.
        private struct Verdict: Encodable {
            let builder: String
            let source: SourceRevision?
            let keys: [Digest]
            let attestations: [Said]

            struct Said: Encodable {
                let type: AttestationKind
                let attester: String
                let key: Digest
            }
        }

        func run() async throws {
            let demands = require.map { AttestationDemand($0) }
            let verdict = try await ArtifactSignature.verify(
                file,
                files: provenance,
                trust: try trust(),
                attestations: AttestationPolicy(trust: try attesterTrust(), demands: demands),
                at: CoordinatorClock().wall
            )
            for remark in verdict.remarks { Console.note("not counted: \(remark)") }
            let record = Verdict(
                builder: verdict.provenance.builder,
                source: verdict.provenance.provenance.source,
                keys: verdict.provenance.keys.map(\.id),
                attestations: verdict.attestations.map {
                    Verdict.Said(type: $0.kind, attester: $0.attester, key: $0.key.id)
                }
            )
            try output.render(record, text: lines(verdict))
        }

        private func lines(_ verdict: ArtifactSignature.Verdict) -> [String] {
            let verified = verdict.provenance
            let source = verified.provenance.source
            let authors = source?.authors.joined(separator: ", ") ?? ""
            let said = verdict.attestations.map { heard in
                switch heard.attestation {
                case .testResult: "  tests     passed, says \(heard.attester)"
                case .review(let review):
                    "  review    by \(review.reviewers.joined(separator: ", ")), says \(heard.attester)"
                }
            }
            return [
                "\(file) is vouched for",
                "  builder   \(verified.builder)",
                "  source    \(source.map { "\($0.repository) at \($0.revision)" } ?? "not said")",
            ] + (authors.isEmpty ? [] : ["  authors   \(authors)"]) + [
                "  keys      \(verified.keys.map(\.description).joined(separator: ", "))"
            ] + said
        }

        private func attesterTrust() throws -> AttesterTrust {
            if let attesters { return try AttesterTrust.load(directory: attesters) }
            // Whoever brings a key of their own needs no workspace.
            guard key == nil else { return AttesterTrust([]) }
            guard builders == nil || require.isEmpty else {
                throw ValidationError("--require needs --attesters beside --builders")
            }
            return builders == nil
                ? try AttesterTrust.load(directory: common.workspace().layout.attesters) : AttesterTrust([])
        }

        private func trust() throws -> BuilderTrust {
            if let key, let builder {
                return BuilderTrust([TrustedBuilder(builder: builder, key: try VerificationKey(file: key))])
            }
            return try BuilderTrust.load(directory: try builders ?? common.workspace().layout.builders)
        }
    }
}
