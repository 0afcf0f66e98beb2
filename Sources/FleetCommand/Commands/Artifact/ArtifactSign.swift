import ArgumentParser
import Coordinator
import Model
import Trust

extension ArtifactCommands {
    /// `fleet artifact sign`: says who built a file, and from what.
    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write signed provenance (in-toto, SLSA v1) for an artifact.",
            discussion: """
                Hosts believe it if the pair of key and builder is among their trusted builders. Without --key the \
                workspace's development key signs, as 'fleet rollout' does for a directory.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Artifact.", completion: .file())
        var file: String

        @Option(help: ArgumentHelp("Private key in PEM: Ed25519 or P-256.", valueName: "file"), completion: .file())
        var key: String?

        @Option(help: ArgumentHelp("Builder id that the key may speak for.", valueName: "uri"))
        var builder: String?

        @Option(help: ArgumentHelp("Source repository, for example git+https://git.example.com/web.", valueName: "uri"))
        var source: String?

        @Option(help: ArgumentHelp("Full hash of the source's commit.", valueName: "hash"))
        var revision: String?

        @Option(
            help: ArgumentHelp(
                "E-mail address of who wrote the revision. May be given several times.",
                valueName: "address"
            )
        )
        var author: [String] = []

        @Option(
            help: ArgumentHelp(
                "Work tree of git at the revision: says source, revision, its time and authors.",
                valueName: "directory"
            ),
            completion: .directory
        )
        var checkout: String?

        @Option(help: "When the revision was committed (RFC 3339).", transform: WallTime.init(rfc3339:))
        var revisionTime: WallTime?

        @Option(help: "The builder's own name of this run.")
        var invocation: String?

        @Option(help: "When the build began (RFC 3339).", transform: WallTime.init(rfc3339:))
        var started: WallTime?

        @Option(help: "When the build ended (RFC 3339; default: now).", transform: WallTime.init(rfc3339:))
        var finished: WallTime?

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("File to write (default: FILE.provenance.json).", valueName: "file"),
            completion: .file()
        )
        var out: String?

        mutating func validate() throws {
            guard (source == nil) == (revision == nil) else {
                throw ValidationError("--source and --revision go together")
            }
            guard checkout == nil || source == nil else {
                throw ValidationError("--checkout says what --source and --revision say: leave them out")
            }
            guard author.isEmpty || source != nil else {
                throw ValidationError("--author needs --source and --revision")
            }
            guard (key == nil) == (builder == nil) else { throw ValidationError("--key and --builder go together") }
        }

        func run() async throws {
            let key = try key.map { try SigningKey(file: $0) } ?? common.workspace().developmentKey()
            let (origin, committedAt) = try await origin()
            let path = try await ArtifactSignature.sign(file, with: key, to: out) { name, artifact in
                Provenance(
                    artifactName: name,
                    artifact: artifact,
                    builder: builder ?? DevelopmentBuilder.id,
                    source: origin,
                    sourceTime: committedAt,
                    invocation: invocation,
                    started: started,
                    finished: finished ?? CoordinatorClock().wall
                )
            }
            Console.result(path)
        }

        private func origin() async throws -> (SourceRevision?, WallTime?) {
            guard let checkout else {
                let authors = author.map { $0.lowercased() }
                let origin = source.flatMap { source in
                    revision.map { SourceRevision(repository: source, revision: $0, authors: authors) }
                }
                return (origin, revisionTime)
            }
            guard let state = await SourceTree.state(of: checkout), let origin = state.origin else {
                throw ValidationError(
                    "\(checkout) is no unchanged work tree of git with a remote 'origin': commit what differs, or give "
                        + "--source, --revision and --author"
                )
            }
            return (origin, revisionTime ?? state.committedAt)
        }
    }
}
