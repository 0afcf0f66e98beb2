import ArgumentParser
import Coordinator
import Model
import Trust

extension ArtifactCommands {
    /// `fleet artifact attest`: says how tests went, or that somebody has reviewed.
    struct Attest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a test result or a review of an artifact (in-toto).",
            discussion: """
                Hosts whose policy.yml demands it believe it if the key is among their trusted attesters. It is added to \
                FILE.intoto.jsonl, where 'fleet rollout' finds it.
                """
        )

        @Argument(help: "Artifact.", completion: .file())
        var file: String

        @Option(help: "What is said: test-result or review.")
        var type: AttestationKind

        @Option(help: ArgumentHelp("Private key in PEM: Ed25519 or P-256.", valueName: "file"), completion: .file())
        var key: String

        @Option(help: "How it went: passed, warned or failed; of a review, pass or fail.")
        var result: String

        @Option(
            help: ArgumentHelp("E-mail address of who reviewed. May be given several times.", valueName: "address")
        )
        var reviewer: [String] = []

        @Option(help: ArgumentHelp("Where the run or the review can be looked at.", valueName: "url"))
        var link: String?

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("New file to write (default: a line is added to FILE.intoto.jsonl).", valueName: "file"),
            completion: .file()
        )
        var out: String?

        mutating func validate() throws { _ = try attestation() }

        func run() async throws {
            let key = try SigningKey(file: key)
            Console.result(try await ArtifactSignature.attest(file, try attestation(), with: key, to: out))
        }

        private func attestation() throws -> Attestation {
            switch type {
            case .testResult:
                guard reviewer.isEmpty else { throw ValidationError("--reviewer goes with --type review") }
                guard let verdict = TestResult.Verdict(rawValue: result.uppercased()) else {
                    throw ValidationError("--result of a test-result is passed, warned or failed")
                }
                return .testResult(TestResult(verdict, url: link))
            case .review:
                guard let verdict = Review.Verdict(rawValue: result.lowercased()) else {
                    throw ValidationError("--result of a review is pass or fail")
                }
                guard !reviewer.isEmpty else { throw ValidationError("--type review needs a --reviewer") }
                return .review(Review(verdict, reviewers: reviewer, link: link, time: CoordinatorClock().wall))
            }
        }
    }
}

extension AttestationKind: ExpressibleByArgument {}
