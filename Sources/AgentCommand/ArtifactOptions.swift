import Agent
import ArgumentParser
import Glibc
import Model

/// An artifact on this host's disk, and what it shall be here.
struct ArtifactOptions: ParsableArguments {
    @Argument(help: "The artifact: .tar, .tar.gz, .tar.zst, .tar.xz or .deb.", completion: .file())
    var artifact: String

    @Option(help: "The service; default: the part of the file's name before its last '-'.")
    var service: ServiceName?

    @Option(help: "The version; default: the part of the file's name after its last '-'.")
    var version: Version?

    @Option(help: "The environment whose release this becomes; an order says it itself.")
    var env: EnvironmentName?

    @Option(
        help: "An approved order ('fleet approvals R17 --export FILE'), which says what the release is.",
        completion: .file()
    )
    var order: String?

    @Option(help: "A file with DSSE envelopes that speak of it; default: those beside it.", completion: .file())
    var provenance: [String] = []

    @Option(name: .customLong("set"), help: "An environment variable of the release, KEY=VALUE; may be repeated.")
    var variables: [String] = []

    @Flag(help: "Replace a unit of the same name that Fleet did not install; it is put back on revert.")
    var adopt = false

    @Flag(help: "Take a .deb with maintainer scripts or system files, which are then not used.")
    var ignoreScripts = false

    mutating func validate() throws {
        guard order != nil else {
            guard env != nil else { throw ValidationError("--env ENVIRONMENT is missing; or give an --order") }
            return
        }
        let isDescribed = service != nil || version != nil || env != nil || ignoreScripts
        guard !isDescribed, provenance.isEmpty, variables.isEmpty else {
            throw ValidationError(
                "--order says what the release is: leave --service, --version, --env, --set, --provenance and "
                    + "--ignore-scripts out"
            )
        }
    }

    func wish(breakingClaim: String? = nil) throws -> LocalApply {
        let path = try FileText.absolute(artifact)
        let adoption: AdoptionPolicy = adopt ? .adopt : .refuse
        if let order {
            return try LocalApply(
                artifact: path,
                by: try OrderFile.read(order),
                adoption: adoption,
                breakingClaim: breakingClaim
            )
        }
        guard let env else { throw ValidationError("--env ENVIRONMENT is missing") }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let stem = ArtifactFormat(fileName: name).map { String(name.dropLast($0.rawValue.count + 1)) } ?? name
        let dash = stem.lastIndex(of: "-")
        guard let service = try service ?? dash.map({ try ServiceName(parsing: String(stem[..<$0])) }) else {
            throw ValidationError("'\(name)' names no service; add --service")
        }
        guard let version = try version ?? dash.map({ try Version(parsing: String(stem[stem.index(after: $0)...])) })
        else {
            throw ValidationError("'\(name)' names no version; add --version")
        }
        return LocalApply(
            artifact: path,
            provenance: try envelopes(path),
            service: service,
            environment: env,
            version: version,
            config: try variables.map(entry),
            adoption: adoption,
            debianScripts: ignoreScripts ? .ignore : .refuse
        )
    }

    private func envelopes(_ path: String) throws -> [String] {
        guard provenance.isEmpty else { return try provenance.map(FileText.absolute) }
        let beside = [".provenance.json", ".intoto.jsonl", ".sigstore.json"].map { path + $0 }
        return beside.filter { access($0, R_OK) == 0 }
    }

    private func entry(_ text: String) throws -> ConfigEntry {
        guard let equals = text.firstIndex(of: "=") else { throw ValidationError("'\(text)' is not KEY=VALUE") }
        return try ConfigEntry(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}
