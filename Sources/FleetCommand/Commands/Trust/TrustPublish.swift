import ArgumentParser
import Coordinator
import Model
import Trust

extension TrustCommands {
    /// `fleet trust publish`: brings the present root to the hosts.
    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adopt the proposed trust root, and bring every host to it.",
            discussion: """
                Hosts that were away are brought up by doing it again, also while people still sign the next one. Exit code 6: \
                not every host follows the present root, or a proposal waits for signatures.
                """
        )

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let bench = try common.bench()
            let ledger = try await bench.ledger()
            let (chain, waiting) = try TrustRoots(bench.workspace).publishable()
            guard let present = chain.last?.root else {
                throw ValidationError("there is no trust root yet: 'fleet trust propose' makes the first")
            }
            if let waiting { Console.note("the proposal waits, and version \(present.version) is brought: \(waiting)") }
            guard !present.hasExpired(at: CoordinatorClock().wall) else {
                throw ValidationError("\(present.description) has expired: propose one with a later --expires")
            }
            let hosts = try await bench.hosts()
            let publication = try RootPublication(try bench.dialer(), roots: chain)
            let outcomes = try await publication.bring(to: hosts, recordedIn: ledger, by: bench.workspace.author)
            var isComplete = waiting == nil
            for (host, outcome) in zip(hosts, outcomes) {
                let (isCurrent, words) = Self.words(outcome, version: present.version)
                isComplete = isComplete && isCurrent
                Console.result("\(host.id) \(words)")
            }
            if !isComplete { try ExitStatus.incomplete.leave() }
        }

        private static func words(
            _ outcome: Result<RootPublication.Outcome, any Error>,
            version: Int
        ) -> (isCurrent: Bool, words: String) {
            switch outcome {
            case .success(.brought(let old)): (true, "follows version \(version), before \(old)")
            case .success(.isCurrent): (true, "follows version \(version)")
            case .success(.hasNoRoot): (false, "follows no trust root: 'fleet host add' brings it the first")
            case .success(.isAhead(let newer)): (false, "follows version \(newer), which this workspace does not have")
            case .success(.differs(let digest)): (false, "follows another root of its version (\(digest.short))")
            case .failure(let error): (false, "is not brought up: \(error)")
            }
        }
    }
}
