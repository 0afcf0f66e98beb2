import ArgumentParser
import Coordinator
import Model

/// Which release: a directory, a file, a version that is known, or what another environment is on.
struct ArtifactOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A directory to pack, or a version that is known or lies in the service's 'artifacts' directory.",
            valueName: "directory|version"
        ),
        completion: .directory
    )
    var subject: String?

    @Option(help: ArgumentHelp("An existing artifact instead.", valueName: "file"), completion: .file())
    var artifact: String?

    @Option(
        help: ArgumentHelp("What this environment of the service is on instead.", valueName: "environment"),
        transform: EnvironmentName.init(parsing:)
    )
    var from: EnvironmentName?

    @Option(
        help: "What to call it (default: the name of the file, what git describes, or the digest).",
        transform: Version.init(parsing:)
    )
    var version: Version?

    @Option(
        help: ArgumentHelp(
            "DSSE envelope that vouches for it, besides those next to the artifact. May be given several times.",
            valueName: "file"
        ),
        completion: .file()
    )
    var provenance: [String] = []

    mutating func validate() throws {
        guard [subject != nil, artifact != nil, from != nil].count(where: \.self) == 1 else {
            throw ValidationError(
                "name one thing to roll out: a directory, a version, --artifact FILE, or --from ENVIRONMENT"
            )
        }
    }

    func request(for service: ServiceName) throws -> ArtifactRequest {
        ArtifactRequest(
            service: service,
            subject: try parsedSubject(),
            version: version,
            provenance: try provenance.flatMap(ProvenanceFiles.read)
        )
    }

    /// What has a slash, or is a directory here, is a directory.
    private func parsedSubject() throws -> ArtifactRequest.Subject {
        if let artifact { return .file(artifact) }
        if let from { return .confirmed(in: from) }
        let subject = subject ?? ""
        if subject.contains("/") || subject == "." || SmallFile.isDirectory(subject) { return .directory(subject) }
        return .version(try Version(parsing: subject))
    }
}
